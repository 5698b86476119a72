/* SPDX-License-Identifier: EUPL-1.2 */
/* A thin hand on libhunspell, which for a file that is not there makes a dictionary without words:
 * so whether it is there is asked first. */
#include "collector/dictionary.h"

#include <hunspell.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_BYTES = 1024 };

struct dictionary {
    Hunhandle *hunspell;
};

const char *
dictionary_path(struct arena *a, const char *setting, const char *language)
{
    const size_t length = strlen(language);

    while (length > 0 && *setting) {
        const size_t entry = strcspn(setting, ",");

        if (entry > length + 1 && strncmp(setting, language, length) == 0 && setting[length] == '=')
            return arena_strndup(a, setting + length + 1, entry - length - 1);
        setting += entry + (setting[entry] == ',');
    }
    return NULL;
}

static bool
file_of(const char *path, const char *ending, char name[PATH_BYTES])
{
    const size_t length = strlen(path), more = strlen(ending);
    struct stat file;

    if (length + more >= PATH_BYTES)
        return false;
    memcpy(name, path, length);
    memcpy(name + length, ending, more + 1);
    return stat(name, &file) == 0 && S_ISREG(file.st_mode) && file.st_size > 0 &&
           access(name, R_OK) == 0;
}

bool
dictionary_readable(const char *path)
{
    char name[PATH_BYTES];

    return file_of(path, ".aff", name) && file_of(path, ".dic", name);
}

static void
release(void *hunspell)
{
    Hunspell_destroy(hunspell);
}

struct dictionary *
dictionary_open(struct arena *a, const char *path, struct err *e)
{
    char affixes[PATH_BYTES], words[PATH_BYTES];
    struct dictionary *const d = arena_alloc(a, sizeof *d);

    if (!file_of(path, ".aff", affixes) || !file_of(path, ".dic", words)) {
        err_set(e, ERR_CONFIG, "dictionary %s (.aff, .dic) cannot be read", path);
        err_hint(e, "install hunspell-nl or hunspell-en-us, or set dictionaries");
        return NULL;
    }
    d->hunspell = Hunspell_create(affixes, words);
    if (!d->hunspell) {
        err_set(e, ERR_CONFIG, "dictionary %s does not open", path);
        return NULL;
    }
    arena_own(a, d->hunspell, release);
    if (strcmp(Hunspell_get_dic_encoding(d->hunspell), "UTF-8") != 0) {
        err_set(e, ERR_CONFIG, "dictionary %s is not in UTF-8", path);
        return NULL;
    }
    return d;
}

bool
dictionary_knows(struct dictionary *d, const char *word)
{
    return Hunspell_spell(d->hunspell, word) != 0;
}
