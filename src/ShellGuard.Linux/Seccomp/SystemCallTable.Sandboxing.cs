using ShellGuard.Linux.Abi;
using static ShellGuard.Linux.Abi.SystemCall;

namespace ShellGuard.Linux.Seccomp;

/// <content>What programs use to confine themselves.</content>
public sealed partial class SystemCallTable
{
    private static void AddSandboxing(SystemCallTableBuilder lines)
    {
        lines.Partly(
            seccomp,
            FilterOutcome.Pass,
            Holder.OwnProcess,
            "programs may confine themselves further; of two filters the stricter answer counts",
            new ArgumentRule(
                FilterOutcome.Deny(Errno.EBUSY),
                "a listener of its own, which could let mediated calls continue past the supervisor; the error of a "
                + "kernel that has a listener already",
                [ArgumentTest.HasAny(1, (uint)SECCOMP_FILTER_FLAG.NEW_LISTENER)]));
        lines.Pass(
            Holder.OwnProcess,
            "programs may confine themselves further",
            landlock_create_ruleset,
            landlock_add_rule,
            landlock_restrict_self,
            lsm_get_self_attr,
            lsm_set_self_attr,
            lsm_list_modules);
        lines.Deny(
            Errno.EPERM,
            "loads programs into the kernel; the error of kernel.unprivileged_bpf_disabled",
            bpf);
    }
}
