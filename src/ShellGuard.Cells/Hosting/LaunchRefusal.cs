using ShellGuard.Cells.Launching;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Launch;
using ShellGuard.Linux.Seccomp;

namespace ShellGuard.Cells.Hosting;

/// <summary>Names what a host lacks from the step of a launch that failed. Costs nothing in a launch that succeeds.
/// </summary>
public static class LaunchRefusal
{
    /// <summary>One line: what is missing, what to do, what <c>--allow-degraded</c> would lose.</summary>
    public static string Explain(LaunchException failure, HostSettings settings)
    {
        HostFeature? feature = FeatureOf(failure.Outcome, failure.Handshake);
        return feature is { } missing
            ? FeatureAdvice.For(missing, settings).Refusal(failure.Message)
            : failure.Outcome.Error is Errno.ENOMEM or Errno.EMFILE or Errno.ENFILE or Errno.EAGAIN
                ? $"{failure.Message}; a limit of the session, or of the host, is too small to start with"
            : failure.Message;
    }

    /// <summary>One line about a step before the launch that failed. White-outs can only be made where an overlay's
    /// upper directory may lie; but where nothing could be launched anyway, that is what has to be mended first.</summary>
    public static string Explain(LinuxResult preparation, HostProbe host, HostSettings settings)
    {
        if (preparation.Call is not SystemCall.mknodat)
        {
            return preparation.ToString();
        }

        HostFinding missing = host.All()
            .FirstOrDefault(
                finding => finding.Feature < HostFeature.Overlay && !finding.IsThere, new HostFinding(HostFeature.Overlay, IsThere: false, preparation.ToString()));
        return FeatureAdvice.For(missing.Feature, settings).Refusal(missing.Detail);
    }

    /// <summary>The feature that a failed launch needed, or null where it failed for a reason of its own.</summary>
    internal static HostFeature? FeatureOf(LaunchOutcome outcome, LinuxResult handshake)
    {
        if (outcome.Process is null)
        {
            return outcome.Error is Errno.EINVAL or Errno.ENOSPC or Errno.EPERM or Errno.ENOSYS or Errno.EACCES
                or Errno.EUSERS
                ? HostFeature.UserNamespaces
                : null;
        }

        if (handshake is { Failed: true, Subject: { } subject })
        {
            if (subject.EndsWith("_map", StringComparison.Ordinal) || subject.EndsWith("/setgroups", StringComparison.Ordinal))
            {
                return HostFeature.UserMapping;
            }

            if (handshake.Call is SystemCall.pidfd_getfd)
            {
                return HostFeature.DescriptorTransfer;
            }
        }

        // A limit that is too small says nothing about what the kernel has.
        return outcome.FailedStep is { } step && outcome.Error is not (Errno.ENOMEM or Errno.EMFILE or Errno.ENFILE or Errno.EAGAIN)
            ? FeatureOf(step)
            : null;
    }

    private static HostFeature? FeatureOf(LaunchStep step) => step.Call switch
    {
        SystemCall.unshare => step.Arguments[0] switch
        {
            LaunchArgument.Number { Value: (long)CloneFlags.NEWUSER } => HostFeature.UserNamespaces,
            LaunchArgument.Number { Value: (long)CloneFlags.NEWNET } => HostFeature.OtherNamespaces,
            _ => HostFeature.OwnClocks,
        },
        SystemCall.landlock_create_ruleset or SystemCall.landlock_add_rule or SystemCall.landlock_restrict_self =>
            HostFeature.Landlock,
        SystemCall.seccomp => SeccompFeatures.Probe().Level is SeccompLevel.Notify
            ? HostFeature.KillableNotification
            : HostFeature.SystemCallFilter,
        SystemCall.mount => step.Arguments[2] switch
        {
            LaunchArgument.Text { Value: "proc" } => HostFeature.FreshProc,
            LaunchArgument.Text { Value: "overlay" } => HostFeature.Overlay,
            LaunchArgument.Text => HostFeature.Mounts,

            // The very first mount: where it fails, nothing can be mounted at all.
            _ when step.Arguments[1] is LaunchArgument.Text { Value: "/" } => HostFeature.Mounts,

            // A single path of the policy that cannot be bound is not a missing feature.
            _ => null,
        },
        SystemCall.mount_setattr or SystemCall.pivot_root => HostFeature.Mounts,
        SystemCall.socket or SystemCall.ioctl or SystemCall.bind => HostFeature.Network,
        _ => null,
    };
}
