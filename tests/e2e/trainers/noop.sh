#!/bin/sh
# A trainer that only starts and succeeds.
printf '%s\n%s\n' '{"seq":1,"type":"start","step":0,"time":0,"checkpoint":null,"valid":true,"invalid_reasons":[]}' \
  '{"seq":2,"type":"result","step":0,"time":0,"valid":true,"invalid_reasons":[],"metrics":{"val/loss":0},"record":{}}' >> events.jsonl
