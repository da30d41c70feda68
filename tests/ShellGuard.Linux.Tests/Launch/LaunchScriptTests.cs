using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Launch;
using Xunit;
using static ShellGuard.Linux.Launch.LaunchArgument;

namespace ShellGuard.Linux.Tests.Launch;

/// <summary>A launch is data: what is printed is what runs.</summary>
public sealed class LaunchScriptTests
{
    [Fact]
    public void A_step_is_printed_as_strace_would()
    {
        LaunchScript script = new();
        LaunchSlot file = script.Get("file", "to read", SystemCall.open, "/etc/passwd", Named(0x80000, "O_CLOEXEC"));
        script.Add("not needed any more", SystemCall.close, file);
        script.Try("it may be there", SystemCall.mkdir, "/tmp/x", Named(0x1ed, "0755"));
        script.Add("a structure", SystemCall.ioctl, file, 7, new Block(new byte[4], [], "{4 bytes}"), Null);
        script.Add(
            "the command", SystemCall.execve, "/bin/sh", new TextArray(["sh", "-x"]), new TextArray([]));

        Assert.Equal(
            [
                "$file = open(\"/etc/passwd\", O_CLOEXEC)  # to read",
                "close($file)  # not needed any more",
                "mkdir(\"/tmp/x\", 0755)  # it may be there (may fail)",
                "ioctl($file, 7, {4 bytes}, NULL)  # a structure",
                "execve(\"/bin/sh\", [\"sh\", \"-x\"], [])  # the command",
            ],
            script.Steps.Select(step => step.ToString()));
    }

    [Theory]
    [InlineData("a\"b", "chdir(\"a\\\"b\")  # x")]
    [InlineData("a\\b", "chdir(\"a\\\\b\")  # x")]
    [InlineData("a\nb\u001b[2J", "chdir(\"a\\u000ab\\u001b[2J\")  # x")]
    public void What_a_path_contains_cannot_act_on_the_reader(string path, string printed)
    {
        LaunchScript script = new();
        script.Add("x", SystemCall.chdir, path);
        Assert.Equal(printed, script.Steps[0].ToString());
    }

    [Fact]
    public void A_vfork_counts_the_steps_of_its_child()
    {
        LaunchScript script = new();
        script.Vfork("two", child =>
        {
            child.Add("one", SystemCall.setsid);
            child.Add("the command", SystemCall.execve, "/bin/true", new TextArray(["true"]), new TextArray([]));
        });
        script.Add("the parent goes on", SystemCall.umask, 0);

        Assert.Equal(
            [SystemCall.vfork, SystemCall.setsid, SystemCall.execve, SystemCall.umask],
            script.Steps.Select(step => step.Call));
        Assert.Equal([2, 0, 0, 0], script.Steps.Select(step => step.ChildSteps));
    }

    [Fact]
    public void A_text_that_the_kernel_would_cut_is_refused()
    {
        LaunchScript script = new();
        script.Add("x", SystemCall.chdir, "/tmp\0/etc");
        Assert.Throws<ArgumentException>(() => new Launcher(script));
    }

    [Fact]
    public void More_arguments_than_the_kernel_takes_are_refused()
    {
        LaunchScript script = new();
        script.Add("x", SystemCall.mount, 1, 2, 3, 4, 5, 6, 7);
        Assert.Throws<ArgumentException>(() => new Launcher(script));
    }
}
