using ShellGuard.Linux.Abi;

namespace ShellGuard.Linux.Seccomp;

/// <summary>What the filter does with a call, and the error it gives where it denies.</summary>
/// <param name="Action">What happens.</param>
/// <param name="Error">The error of a denial, otherwise <see cref="Errno.None"/>.</param>
/// <param name="Silent">A denial that programs meet all the time and work around: never reported.</param>
public readonly record struct FilterOutcome(FilterAction Action, Errno Error = Errno.None, bool Silent = false)
{
    public static FilterOutcome Pass => new(FilterAction.Pass);

    public static FilterOutcome Mediate => new(FilterAction.Mediate);

    public static FilterOutcome Kill => new(FilterAction.Kill);

    public static FilterOutcome Deny(Errno error) => new(FilterAction.Deny, error);

    public static FilterOutcome DenySilently(Errno error) => new(FilterAction.Deny, error, Silent: true);

    /// <summary>The number that a filter returns for it, seccomp(2).</summary>
    /// <param name="reportDenials">Whether denials that are not silent go by the supervisor.</param>
    internal uint ToReturnValue(bool reportDenials = false) => Action switch
    {
        FilterAction.Pass => (uint)SECCOMP_RET.ALLOW,
        FilterAction.Mediate => (uint)SECCOMP_RET.USER_NOTIF,
        FilterAction.Deny when reportDenials && !Silent => (uint)SECCOMP_RET.USER_NOTIF,
        FilterAction.Deny => (uint)SECCOMP_RET.ERRNO | (uint)Error,
        _ => (uint)SECCOMP_RET.KILL_PROCESS,
    };

    /// <summary>For example <c>deny EPERM</c>.</summary>
    public override string ToString() => Action switch
    {
        FilterAction.Pass => "pass",
        FilterAction.Mediate => "mediate",
        FilterAction.Deny => $"deny {Error}",
        _ => "kill",
    };
}
