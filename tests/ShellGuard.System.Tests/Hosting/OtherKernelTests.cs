using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Hosting;

/// <summary>ShellGuard on kernels that this host does not run, in an emulated machine: <c>tests/other-kernel</c>.</summary>
public sealed class OtherKernelTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(11);

    /// <summary>Debian's 6.12 with control groups of version 2 only: the oldest kernel on which everything is held.</summary>
    [Fact]
    public void On_the_oldest_kernel_that_holds_everything_limits_and_attacks_are_as_here() => Assert.Equal(
        [
            "ok root_runs", "ok user_runs", "ok root_holds_attacks", "ok user_holds_attacks", "ok plan_says_what_holds",
            "ok memory_is_limited", "ok processes_are_limited", "ok cpu_is_limited", "ok without_a_group_a_user_is_refused",
            "ok alone_in_a_group_a_user_is_limited", "ok in_a_leaf_of_a_group_a_user_is_limited",
            "ok clock_steps_in_mid_session", "ok both_tracers_see_the_same", "done",
        ],
        Run("linux-image-6.12-amd64"));

    /// <summary>Debian 12's own 6.1, whose Landlock is too old for the second floor.</summary>
    [Fact]
    public void On_an_older_kernel_what_is_missing_is_said_and_must_be_accepted() => Assert.Equal(
        ["ok refusal_is_clear", "ok degraded_is_said_and_runs", "ok doctor_says_what_is_missing", "ok both_tracers_see_the_same", "done"],
        Run("linux-image-amd64"));

    private static string[] Run(string package) => Programs.Run(
            Programs.Start([$"{ExampleFiles.Root()}/tests/other-kernel/run", package]), null, Patience)
        .Succeed().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
