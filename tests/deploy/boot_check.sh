# What systemd_boot.py asks of the services, inside. Each answer is a line NAME=VALUE in /share/answers.
answer() { echo "$1=$2" >> /share/answers; }
plasa() { setpriv --reuid plasa --regid plasa --clear-groups plasactl --state /var/lib/plasa "$@"; }
until_true() { for _ in $(seq 600); do "$@" >/dev/null 2>&1 && return 0; sleep 0.1; done; echo "in vain: $*"; return 1; }
serving() { plasa list; }
trainer() { pgrep -f '^[^ ]*python3 .*steps.py'; }
lives() { kill -0 "$1" 2>/dev/null && echo yes || echo no; }
reported() { [ "$(plasa show last -o json | python3 -c 'import json, sys; print(json.load(sys.stdin)["trials"][0]["step"] > 0)')" = True ]; }

systemd-sysusers
systemctl start plasa-coordinator && until_true serving
answer coordinator "$(systemctl is-active plasa-coordinator)"
answer modes "$(stat -c %a /var/lib/plasa /var/lib/plasa/plasa.db /var/lib/plasa/tokens/admin | tr '\n' ' ')"
systemctl start plasa-worker
cat > /sweep.yaml <<'SWEEP'
method: grid
parameters: {steps: {value: 1000}, checkpoint_steps: {value: 50}, step_ms: {value: 40}}
plasa: {trainer: steps}
SWEEP
plasa submit /sweep.yaml
until_true trainer
until_true reported
pid=$(trainer)

systemctl stop plasa-worker
answer stopped "$(systemctl is-active plasa-worker)"
answer trainer_after_stop "$(lives "$pid")"
systemctl start plasa-worker
systemctl restart plasa-worker
answer trainer_after_restart "$(lives "$pid")"
systemctl kill --kill-whom=main -s KILL plasa-worker
until_true systemctl is-active --quiet plasa-worker
answer trainer_after_kill "$(lives "$pid")"
systemctl kill --kill-whom=main -s KILL plasa-coordinator
until_true serving
answer trainer_after_coordinator_kill "$(lives "$pid")"

# A daemon that hangs is missed by systemd and started again.
hang() { kill -STOP "$(systemctl show -P MainPID "$1")"; until_true missed "$1"; }
missed() { journalctl -u "$1" | grep -q 'Watchdog timeout'; }
for unit in plasa-coordinator plasa-worker; do
  mkdir -p /run/systemd/system/$unit.service.d
  printf '[Service]\nWatchdogSec=3\n' > /run/systemd/system/$unit.service.d/short.conf
done
systemctl daemon-reload
systemctl restart plasa-coordinator plasa-worker
until_true serving
answer coordinator_missed "$(hang plasa-coordinator && echo yes)"
until_true serving
answer worker_missed "$(hang plasa-worker && echo yes)"
until_true systemctl is-active --quiet plasa-worker
answer trainer_after_watchdog "$(lives "$pid")"

plasa wait last
answer waited $?
answer trial "$(plasa show last -o json | python3 -c 'import json, sys; t = json.load(sys.stdin)["trials"][0]; print(t["state"], len(t["attempts"]), t["step"])')"

# The built-in trainer under the unit's restrictions.
plasa submit /share/real.yaml && timeout 120 setpriv --reuid plasa --regid plasa --clear-groups plasactl --state /var/lib/plasa wait last
answer real_trainer $?
systemctl stop plasa-worker plasa-coordinator
answer results "$(systemctl show -P Result plasa-coordinator plasa-worker | tr -d '\n')"
