using System.Net;
using ShellGuard.Core;

namespace ShellGuard.Cells.Tests.Network;

/// <summary>Rules from two tables; what is in neither is denied.</summary>
internal sealed class FakeRules : INetworkRules
{
    internal static readonly RuleSource Source = new("test.toml", 7, 1, "net = [...]");

    internal Dictionary<string, Decision> Names { get; } = new(StringComparer.Ordinal);

    internal Dictionary<(IPAddress Address, int Port), Decision> Addresses { get; } = [];

    public Verdict ForName(string host, int? port) =>
        new(Names.GetValueOrDefault(host, Decision.Deny), Source, "by the table", $"--net {host}:{port}");

    public Verdict ForAddress(IPAddress address, int port) =>
        new(Addresses.GetValueOrDefault((address, port), Decision.Deny), Source, "by the table", "--net");

    public Verdict? DenialOf(IPAddress address, int port) =>
        Addresses.TryGetValue((address, port), out Decision said) && said == Decision.Deny ? ForAddress(address, port) : null;
}
