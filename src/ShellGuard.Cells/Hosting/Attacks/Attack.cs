using ShellGuard.Linux;

namespace ShellGuard.Cells.Hosting.Attacks;

/// <summary>One attempt to get out of a cell, made inside it.</summary>
/// <param name="Name">Unique, for example <c>mount</c>.</param>
/// <param name="Tried">What is tried, in a few words.</param>
/// <param name="Expected">What a cell that holds answers.</param>
/// <param name="Try">Tries it. Success is an escape unless <see cref="MaySucceed"/>.</param>
internal sealed record Attack(string Name, string Tried, string Expected, Func<AttackTargets, LinuxResult> Try)
{
    /// <summary>Whether the call may succeed, because what counts is the canary outside.</summary>
    public bool MaySucceed { get; init; }

    /// <summary>Whether the kernel may end the attacker instead of answering.</summary>
    public bool MayBeKilled { get; init; }

    /// <summary>Whether any error will do. Elsewhere an error about the arguments shows that the call itself was let
    /// through to the kernel.</summary>
    public bool AnyError { get; init; }

    /// <summary>Whether an answer of the cell means that it held.</summary>
    public bool IsHeldBy(Errno error) => error switch
    {
        Errno.None => MaySucceed,
        Errno.EFAULT or Errno.EINVAL or Errno.EBADF => AnyError,
        _ => true,
    };
}
