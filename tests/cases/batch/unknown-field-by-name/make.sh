# SPDX-License-Identifier: EUPL-1.2
sample_ndjson 10 | sed '4s/"tx_type":/"wijkagent":1,&/' > input.ndjson
