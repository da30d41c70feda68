using System.Net;
using ShellGuard.Core;

namespace ShellGuard.Cells.Supervision.Network.Dns;

/// <summary>Answers names for one cell from its rules alone: no packet ever leaves for a real resolver here, so a
/// name cannot carry anything out of the cell.</summary>
internal sealed class NameAnswers(INetworkRules rules, SessionAddresses addresses, IAccessSink sink)
{
    private static readonly RuleSource Overflow = new("built-in", 0, 0, "at most 65,000 names in one session");

    internal NameReply Answer(string name, DnsType type)
    {
        if (IsLocal(name))
        {
            return Select(type, IPAddress.Loopback, IPAddress.IPv6Loopback);
        }

        if (DnsQuery.ReverseAddress(name) is { } address)
        {
            return AnswerReverse(name, type, address);
        }

        Verdict verdict = rules.ForName(name, null);
        if (verdict.Decision is not (Decision.Allow or Decision.Ask))
        {
            return Refuse(name, verdict);
        }

        return addresses.TryAssign(name, out IPAddress? four, out IPAddress? six)
            ? Select(type, four, six)
            : Refuse(
                name,
                Verdict.Deny(Overflow, "the session has no address left for another name", null),
                DnsStatus.ServFail);
    }

    /// <summary>RFC 6761 section 6.3: these never leave the machine, and here never the cell.</summary>
    internal static bool IsLocal(string name) =>
        name == "localhost" || name.EndsWith(".localhost", StringComparison.Ordinal);

    private static NameReply Select(DnsType type, IPAddress four, IPAddress six) => type switch
    {
        DnsType.A => new NameReply(DnsStatus.NoError, [four]),
        DnsType.AAAA => new NameReply(DnsStatus.NoError, [six]),
        DnsType.ANY => new NameReply(DnsStatus.NoError, [four, six]),
        // HTTPS, SVCB, MX, TXT and the rest: the name is there and has none. An HTTPS record would carry keys (ECH)
        // and other names that no rule has seen.
        _ => NameReply.Empty,
    };

    private NameReply AnswerReverse(string name, DnsType type, IPAddress address)
    {
        string? pointer = IPAddress.IsLoopback(address) ? "localhost" : addresses.NameOf(address);
        if (pointer is null)
        {
            return Refuse(
                name,
                Verdict.Deny(
                    new RuleSource("built-in", 0, 0, "only session addresses have names"),
                    "no name of this session has that address",
                    null));
        }

        return type is DnsType.PTR or DnsType.ANY
            ? new NameReply(DnsStatus.NoError, [], pointer)
            : NameReply.Empty;
    }

    /// <summary>The record comes first; whether it could be written changes nothing, for the answer is no.</summary>
    private NameReply Refuse(string name, Verdict verdict, DnsStatus status = DnsStatus.NxDomain)
    {
        sink.Record(new Access([], Operation.Resolve, name, verdict with { Decision = Decision.Deny }));
        return NameReply.Plain(status);
    }
}
