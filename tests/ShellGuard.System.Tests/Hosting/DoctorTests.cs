using System.Text.Json;
using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Hosting;

/// <summary><c>shellguard doctor</c> and the attacks that it really tries.</summary>
public sealed class DoctorTests
{
    [Theory, BothIdentities]
    public void Every_guarantee_is_listed_with_what_holds_it(Identity identity)
    {
        using TestArea area = new(identity);
        Outcome outcome = Doctor(area, "--json");
        using JsonDocument document = JsonDocument.Parse(outcome.Bytes);
        List<JsonElement> guarantees = [.. document.RootElement.GetProperty("guarantees").EnumerateArray()];
        Assert.True(guarantees.Count > 15);
        Assert.All(guarantees, guarantee => Assert.NotEqual("", guarantee.GetProperty("how").GetString()));
        Assert.Contains(guarantees, guarantee =>
            guarantee.GetProperty("guarantee").GetString() == "host read-only"
            && guarantee.GetProperty("state").GetString() == "held");
        bool notHeld = guarantees.Exists(guarantee => guarantee.GetProperty("state").GetString() == "not held");
        outcome.EndWith(notHeld ? 1 : 0);
    }

    [Theory, BothIdentities]
    public void Every_attack_is_held_and_nothing_is_left(Identity identity)
    {
        using TestArea area = new(identity);
        Outcome outcome = Doctor(area, "--attack", "--json").Succeed();
        using JsonDocument document = JsonDocument.Parse(outcome.Bytes);
        List<JsonElement> attacks = [.. document.RootElement.GetProperty("attacks").EnumerateArray()];
        Assert.True(attacks.Count > 60);
        Assert.All(attacks, attack => Assert.True(attack.GetProperty("held").GetBoolean(), attack.ToString()));
        Assert.Empty(area.Sessions);
        Assert.False(Path.Exists("/etc/shellguard-canary"));
    }

    [Fact]
    public void The_attacker_attacks_no_host()
    {
        Outcome outcome = Programs.Run(NativeBinary.Path, "attack-probe", "/tmp", "1", "x", "1", "/root").EndWith(125);
        Assert.Contains("inside a cell", outcome.Errors, StringComparison.Ordinal);
    }

    private static Outcome Doctor(TestArea area, params string[] arguments)
    {
        area.Own();
        return Programs.Run(
            Programs.Start(
                [.. area.Account.Prefix, NativeBinary.Path, "doctor", .. arguments], area.Work, area.Environment),
            null);
    }
}
