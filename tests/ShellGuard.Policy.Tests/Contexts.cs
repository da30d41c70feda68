using ShellGuard.Policy.Evaluation;
using ShellGuard.Policy.Model;
using Xunit;

namespace ShellGuard.Policy.Tests;

/// <summary>Sessions that tests begin.</summary>
internal static class Contexts
{
    public static PolicyContext Alice { get; } = new("/home/alice", "/home/alice/project", "alice", 1000);

    public static PolicyContext Root { get; } = new("/root", "/root", "root", 0);

    /// <summary>Loads a policy of a text, which must be free of errors.</summary>
    public static PolicyResult Load(string text, PolicyContext? context = null, params PolicyFlag[] flags)
    {
        var files = new MemoryFiles().With("/etc/p.toml", text);
        var result = PolicyLoader.Load(new PolicyRequest("/etc/p.toml", flags, context ?? Alice), files);
        Assert.True(result.Policy is not null, string.Join('\n', result.Diagnostics));
        return result;
    }

    public static EffectivePolicy Preset(string name, PolicyContext? context = null, params PolicyFlag[] flags)
    {
        var result = PolicyLoader.Load(new PolicyRequest(name, flags, context ?? Alice), new MemoryFiles());
        Assert.True(result.Policy is not null, string.Join('\n', result.Diagnostics));
        return result.Policy;
    }
}
