# Runs in the virtual machine. Each check is a function; what it prints is shown where it fails.

check() {
    if "$1" >/tmp/out 2>&1; then
        echo "vm: ok $1"
    else
        echo "vm: failed $1"
        sed 's/^/vm:     /' /tmp/out
    fi
}

# status EXPECTED COMMAND…
status() {
    expected=$1
    shift
    "$@"
    got=$?
    [ "$got" -eq "$expected" ] || { echo "status $got instead of $expected: $*"; return 1; }
}

as_user() {
    su user -s /bin/sh -c "export HOME=/home/user; export SHELLGUARD_STATE=\$HOME/state; cd; $1"
}

# in_group GROUP COMMAND: as the ordinary user, in this control group.
in_group() {
    sh -c "echo \$\$ >/sys/fs/cgroup/$1/cgroup.procs; exec su user -s /bin/sh -c 'export HOME=/home/user; export SHELLGUARD_STATE=\$HOME/state; cd; $2'"
}

printf '#!/bin/sh\nexec awk "BEGIN { s = \\"x\\"; while (1) s = s s }"\n' >/eat
chmod 755 /eat
nothing_left() { [ -z "$(find /sys/fs/cgroup -name 'shellguard-*')" ] || { find /sys/fs/cgroup -name 'shellguard-*'; return 1; }; }

export HOME=/root SHELLGUARD_STATE=/var/lib/state
cd /root

if shellguard run -- true 2>/tmp/refusal; then
    root_runs() { status 7 shellguard run -- sh -c 'exit 7'; }
    user_runs() { status 7 as_user 'shellguard run -- sh -c "exit 7"'; }
    root_holds_attacks() { shellguard doctor --attack; }
    user_holds_attacks() { as_user 'shellguard doctor --attack'; }
    plan_says_what_holds() {
        shellguard plan --memory 64M --processes 20 --cpu 50% -- true >/tmp/plan &&
            grep -q 'cgroup v2 memory.max beneath /sys/fs/cgroup' /tmp/plan || { cat /tmp/plan; return 1; }
    }
    memory_is_limited() {
        status 137 shellguard run --memory 64M -- /eat && nothing_left &&
            shellguard log | grep -q 'limit memory 67108864 struck'
    }
    processes_are_limited() {
        shellguard run --processes 10 -- sh -c 'i=0; while [ $i -lt 30 ]; do sleep 1 & i=$((i+1)); done; wait' >/tmp/fork 2>&1
        grep -q 'limit reached: processes 10' /tmp/fork && nothing_left || { cat /tmp/fork; return 1; }
    }
    cpu_is_limited() {
        shellguard run --cpu 20% -- sh -c 'i=0; while [ $i -lt 60000 ]; do i=$((i+1)); done' >/tmp/cpu 2>&1
        grep -q 'limit reached: CPU time 20%' /tmp/cpu && nothing_left || { cat /tmp/cpu; return 1; }
    }
    without_a_group_a_user_is_refused() {
        status 125 as_user 'shellguard run --memory 64M -- true' >/tmp/no 2>&1 && grep -q 'systemd-run --user' /tmp/no ||
            { cat /tmp/no; return 1; }
    }
    alone_in_a_group_a_user_is_limited() {
        mkdir /sys/fs/cgroup/alone && chown -R 1000 /sys/fs/cgroup/alone &&
            status 137 in_group alone 'exec shellguard run --memory 64M --processes 20 -- /eat' &&
            nothing_left
    }
    in_a_leaf_of_a_group_a_user_is_limited() {
        mkdir -p /sys/fs/cgroup/above/leaf && echo '+memory +pids +cpu' >/sys/fs/cgroup/above/cgroup.subtree_control &&
            chown -R 1000 /sys/fs/cgroup/above &&
            status 0 in_group above/leaf 'shellguard run --memory 64M --processes 20 --cpu 50% -- true' && nothing_left
    }
    # step SECONDS: the machine's wall clock, which only this machine has.
    step() { date -s "@$(($(date +%s) + $1))" >/dev/null; }

    # A limit of wall time must neither strike at the step nor be lost by it; what the session changed is no conflict.
    clock_steps_in_mid_session() {
        mkdir -p /root/clock && cd /root/clock && echo one >changed || return 1
        for seconds in 3600 -3600; do
            shellguard run --wall-time 10m -- sh -c 'echo two >>changed; sleep 4; /bin/busybox true; echo three >>changed; exit 7' &
            sleep 2
            step $seconds
            wait $!
            got=$?
            [ $got -eq 7 ] || { echo "status $got after a step of $seconds s"; return 1; }
            shellguard log verify || return 1
            shellguard commit --take-mine || return 1
            [ "$(cat changed)" = "$(printf 'one\ntwo\nthree')" ] || { cat changed; return 1; }
            echo one >changed
        done
        shellguard run --wall-time 4s -- sleep 1000 2>/tmp/struck &
        sleep 1
        step -3600
        wait $!
        [ $? -eq 125 ] && grep -q 'limit reached: wall time' /tmp/struck && step 3600 || { cat /tmp/struck; return 1; }
    }
    for name in root_runs user_runs root_holds_attacks user_holds_attacks plan_says_what_holds memory_is_limited \
        processes_are_limited cpu_is_limited without_a_group_a_user_is_refused alone_in_a_group_a_user_is_limited \
        in_a_leaf_of_a_group_a_user_is_limited clock_steps_in_mid_session; do
        check "$name"
    done
else
    refusal_is_clear() {
        cat /tmp/refusal
        [ "$(wc -l </tmp/refusal)" -eq 1 ] && grep -q 'Landlock' /tmp/refusal && grep -q -e '--allow-degraded' /tmp/refusal
    }
    degraded_is_said_and_runs() {
        status 7 shellguard run --allow-degraded -- sh -c 'exit 7' 2>/tmp/degraded
        cat /tmp/degraded
        grep -q 'Landlock' /tmp/degraded
    }
    doctor_says_what_is_missing() {
        shellguard doctor >/tmp/doctor
        cat /tmp/doctor
        grep -q 'not held.*Landlock' /tmp/doctor && grep -q 'Linux 6.12' /tmp/doctor
    }
    for name in refusal_is_clear degraded_is_said_and_runs doctor_says_what_is_missing; do
        check "$name"
    done
fi

# The verifier that takes the programs of eBPF is the kernel's.
both_tracers_see_the_same() {
    for backend in ptrace ebpf; do
        status 1 shellguard trace -q --backend "$backend" -o "/tmp/$backend.audit" -- sh -c 'mkdir /tmp/made; cat /nothing; rmdir /tmp/made; exit 1' || return
    done
    grep -q '"create".*"/tmp/made"' /tmp/ebpf.audit && shellguard audit diff /tmp/ptrace.audit /tmp/ebpf.audit &&
        shellguard audit diff /tmp/ebpf.audit /tmp/ptrace.audit
}
check both_tracers_see_the_same
