using System.Text.Json;
using Xunit.Sdk;

namespace ShellGuard.System.Tests.Support;

/// <summary>People who decide what may go out, each with an account of their own, outside of any cell.</summary>
internal static class ApprovalDriver
{
    public static readonly IReadOnlyList<string> Root = [];

    public static readonly IReadOnlyList<string> Nobody =
        ["/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"];

    /// <summary>Runs <c>shellguard approvals</c>.</summary>
    /// <param name="who">Words that make a command run as that person.</param>
    public static Outcome Run(IReadOnlyList<string> who, params string[] words) => Programs.Run(
        Programs.Start(
            [.. who, NativeBinary.Path, "approvals", .. words], "/", new Dictionary<string, string> { ["HOME"] = "/nonexistent" }),
        null);

    /// <summary>Waits for a question that the person may see.</summary>
    /// <param name="reason">What it says, to tell it from those of other tests.</param>
    /// <param name="session">The session that asks; its end is no question.</param>
    public static (string Id, string Sha256) WaitFor(IReadOnlyList<string> who, string reason, Task<Outcome>? session = null)
    {
        (string, string)? found = null;
        Programs.WaitUntil(
            () => (found = Find(who, reason)) is not null || session is { IsCompleted: true },
            () => $"the question '{reason}'; there are {Run(who).Output}");
        return found ?? throw new XunitException($"the session ended without a question: {session!.GetAwaiter().GetResult()}");
    }

    public static (string Id, string Sha256)? Find(IReadOnlyList<string> who, string reason)
    {
        using JsonDocument list = JsonDocument.Parse(Run(who, "--json").Succeed().Output);
        foreach (JsonElement question in list.RootElement.EnumerateArray())
        {
            if (question.GetProperty("reason").GetString() == reason)
            {
                return (question.GetProperty("id").GetString()!, question.GetProperty("sha256").GetString()!);
            }
        }

        return null;
    }
}
