using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Launch;
using Xunit;
using static ShellGuard.Linux.Launch.LaunchArgument;

namespace ShellGuard.Linux.Tests.Launch;

public sealed class LaunchDigestTests
{
    [Fact]
    public void The_same_script_has_the_same_digest()
    {
        Assert.Equal(LaunchDigest.Of(Script()), LaunchDigest.Of(Script()));
        Assert.Matches("^[0-9a-f]{64}$", LaunchDigest.Of(Script()));
    }

    [Fact]
    public void What_is_only_printed_does_not_count() =>
        Assert.Equal(LaunchDigest.Of(Script()), LaunchDigest.Of(Script(purpose: "another")));

    public static TheoryData<string> Others { get; } =
        ["text", "number", "bytes", "slot", "arguments", "order", "may fail", "namespaces", "split"];

    [Theory]
    [MemberData(nameof(Others))]
    public void What_the_kernel_would_see_differently_counts(string difference) =>
        Assert.NotEqual(LaunchDigest.Of(Script()), LaunchDigest.Of(Script(difference)));

    private static LaunchScript Script(string difference = "", string purpose = "why")
    {
        LaunchScript script = new()
        {
            Namespaces = difference == "namespaces" ? CloneFlags.NEWUSER : CloneFlags.NEWNS,
        };
        LaunchSlot first = script.Get("first", purpose, SystemCall.open, difference == "text" ? "/b" : "/a", 0);
        LaunchSlot second = script.Get("second", purpose, SystemCall.open, "/c", difference == "number" ? 1 : 0);
        script.Add(purpose, SystemCall.dup2, difference == "slot" ? second : first, 5);
        byte[] bytes = [1, 2, (byte)(difference == "bytes" ? 4 : 3)];
        script.Add(purpose, SystemCall.write, 1, new Block(bytes, [(0, first)], "shown"), 3);
        string[] words = difference switch
        {
            "arguments" => ["true", "x"],
            "split" => ["tru", "e"],
            _ => ["true"],
        };
        if (difference == "order")
        {
            script.Add(purpose, SystemCall.umask, 0);
        }

        if (difference == "may fail")
        {
            script.Try(purpose, SystemCall.setsid);
        }
        else
        {
            script.Add(purpose, SystemCall.setsid);
        }

        if (difference != "order")
        {
            script.Add(purpose, SystemCall.umask, 0);
        }

        script.Add(purpose, SystemCall.execve, "/bin/true", new TextArray(words), new TextArray([]));
        return script;
    }
}
