using ShellGuard.Linux;
using ShellGuard.Linux.Launch;

namespace ShellGuard.Cells.Launching;

/// <summary>A cell could not be made. The message names the system call, its purpose and its error.</summary>
public sealed class LaunchException(LaunchOutcome outcome, LinuxResult handshake)
    : Exception(Describe(outcome, handshake))
{
    public LaunchOutcome Outcome { get; } = outcome;

    /// <summary>What the supervisor's side of the launch said.</summary>
    public LinuxResult Handshake { get; } = handshake;

    /// <summary>Whether the command itself could not be executed, as opposed to the cell.</summary>
    public bool IsCommand => Outcome.FailedStep?.Call is Linux.Abi.SystemCall.execve;

    private static string Describe(LaunchOutcome outcome, LinuxResult handshake)
    {
        if (handshake.Failed && handshake.Error != Errno.ESRCH)
        {
            return $"the supervisor could not prepare the cell: {handshake}";
        }

        return outcome switch
        {
            { Process: null } => $"no namespaces: clone3: {outcome.Error}",
            { FailedStep: { } step } => $"{step.CallText}: {outcome.Error}; it is for: {step.Purpose}",
            _ => "the cell ended while it was being made",
        };
    }
}
