using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace ShellGuard.Policy.Model;

/// <summary>Which endpoints a network rule speaks about: <c>HOST:PORT</c>, <c>*.example.org:443</c>, <c>*:443</c>,
/// <c>192.0.2.1:80</c>, <c>[2001:db8::1]:80</c>, <c>10.0.0.0/8:5432</c>, each with <c>*</c> for any port and an
/// optional <c>/tcp</c>.</summary>
public sealed class EndpointPattern
{
    private EndpointPattern(EndpointKind kind, string? name, AddressRange? range, int? port)
    {
        Kind = kind;
        Name = name;
        Range = range;
        Port = port;
    }

    public EndpointKind Kind { get; }

    /// <summary>Lower-case, without the leading <c>*.</c> for <see cref="EndpointKind.SubDomains"/>.</summary>
    public string? Name { get; }

    public AddressRange? Range { get; }

    /// <summary>1 to 65535; null for any.</summary>
    public int? Port { get; }

    /// <summary>Reads one endpoint.</summary>
    /// <param name="text">As written in a policy or after a flag.</param>
    /// <param name="pattern">The endpoint.</param>
    /// <param name="problem">What is wrong, in lower case without a full stop.</param>
    public static bool TryParse(
        string text, [NotNullWhen(true)] out EndpointPattern? pattern, [NotNullWhen(false)] out string? problem)
    {
        pattern = null;
        if (text.Contains("://", StringComparison.Ordinal))
        {
            problem = "an endpoint is HOST:PORT, not a URL";
            return false;
        }

        if (!TrySplit(text, out string host, out string port, out problem))
        {
            return false;
        }

        int? number = null;
        if (port != "*")
        {
            if (port.Length is 0 or > 5 || !port.All(char.IsAsciiDigit)
                || int.Parse(port, CultureInfo.InvariantCulture) is < 1 or > 65535)
            {
                problem = "a port is a number from 1 to 65535, or * for any";
                return false;
            }

            number = int.Parse(port, CultureInfo.InvariantCulture);
        }

        pattern = ParseHost(host, number, out problem);
        return pattern is not null;
    }

    /// <summary>Whether a name falls under this pattern.</summary>
    public bool MatchesName(string host) => Kind switch
    {
        EndpointKind.Name => host == Name,
        EndpointKind.SubDomains => host.Length > Name!.Length + 1
            && host.EndsWith(Name, StringComparison.Ordinal) && host[^(Name.Length + 1)] == '.',
        EndpointKind.AnyName => true,
        _ => false,
    };

    /// <summary>Whether an address falls under this pattern.</summary>
    public bool MatchesAddress(IPAddress address) => Range?.Contains(address) == true;

    /// <summary>Greater is more specific: an exact name over sub-domains (the longer first) over any name, a longer
    /// prefix over a shorter; then a port over any port.</summary>
    internal int Specificity => ((Kind switch
    {
        EndpointKind.Name => 1000,
        EndpointKind.SubDomains => 1 + Name!.Length,
        EndpointKind.AnyName => 0,
        _ => Range!.PrefixLength,
    }) * 2) + (Port is null ? 0 : 1);

    /// <summary>Whether everything that <paramref name="other"/> speaks about is spoken about here too.</summary>
    internal bool Covers(EndpointPattern other) => (Port is null || Port == other.Port) && HostCovers(other);

    /// <summary>Whether it covers the other and speaks about it: a block that is wider than a reserved range covers what
    /// lies in it and does not speak about it.</summary>
    internal bool Speaks(EndpointPattern other) => Covers(other) && Meet(other) is not null;

    /// <summary>The endpoints that both speak about; null where there is none. Hosts are nested in each other or have
    /// nothing in common, and so are ports. As everywhere, a block that is wider than a reserved range does not speak about
    /// what lies in it.</summary>
    internal EndpointPattern? Meet(EndpointPattern other)
    {
        EndpointPattern? inner = HostCovers(other) ? other : other.HostCovers(this) ? this : null;
        EndpointPattern outer = ReferenceEquals(inner, this) ? other : this;
        bool reserved = inner?.Range is { } block && ReservedRanges.Names(block) && !ReservedRanges.Names(outer.Range!);
        return inner is null || reserved || (Port is not null && other.Port is not null && Port != other.Port)
            ? null
            : new EndpointPattern(inner.Kind, inner.Name, inner.Range, Port ?? other.Port);
    }

    public override string ToString()
    {
        string host = Kind switch
        {
            EndpointKind.Name => Name!,
            EndpointKind.SubDomains => "*." + Name,
            EndpointKind.AnyName => "*",
            _ => Range!.ToString(),
        };
        return $"{host}:{(Port is { } port ? port.ToString(CultureInfo.InvariantCulture) : "*")}";
    }

    private bool HostCovers(EndpointPattern other) => Kind switch
    {
        EndpointKind.AnyName => other.Range is null,
        EndpointKind.Addresses => other.Range is not null && Range!.Contains(other.Range),
        EndpointKind.Name => other.Kind == EndpointKind.Name && other.Name == Name,
        _ => (other.Kind == EndpointKind.Name && MatchesName(other.Name!))
            || (other.Kind == EndpointKind.SubDomains && (other.Name == Name || MatchesName(other.Name!))),
    };

    private static bool TrySplit(
        string text, out string host, out string port, [NotNullWhen(false)] out string? problem)
    {
        host = "";
        port = "";
        problem = null;
        if (text.EndsWith("/udp", StringComparison.OrdinalIgnoreCase))
        {
            problem = "only tcp can be granted";
            return false;
        }

        string rest = text.EndsWith("/tcp", StringComparison.Ordinal) ? text[..^4] : text;
        int colon = rest.LastIndexOf(':');
        if (colon < 0 || rest.EndsWith(']') || colon < rest.LastIndexOf('/'))
        {
            problem = "the port is missing; write HOST:PORT, or HOST:* for any port";
            return false;
        }

        host = rest[..colon];
        port = rest[(colon + 1)..];
        if (host.Contains(':') && !host.StartsWith('['))
        {
            problem = "an IPv6 address stands in brackets, as in [::1]:443";
            return false;
        }

        return true;
    }

    private static EndpointPattern? ParseHost(string host, int? port, out string? problem)
    {
        problem = null;
        if (host == "*")
        {
            return new EndpointPattern(EndpointKind.AnyName, null, null, port);
        }

        int slash = host.IndexOf('/');
        string address = slash < 0 ? host : host[..slash];
        string? prefix = slash < 0 ? null : host[(slash + 1)..];
        bool bracketed = address.StartsWith('[');
        if (bracketed)
        {
            if (!address.EndsWith(']') || !address.Contains(':'))
            {
                problem = "brackets hold an IPv6 address, as in [::1]:443";
                return null;
            }

            address = address[1..^1];
        }

        if (bracketed || slash >= 0 || LooksLikeIPv4(address))
        {
            return AddressRange.TryParse(address, prefix, out var range, out problem)
                ? new EndpointPattern(EndpointKind.Addresses, null, range, port)
                : null;
        }

        bool subDomains = host.StartsWith("*.", StringComparison.Ordinal);
        string name = subDomains ? host[2..] : host;
        if (name.Contains('*'))
        {
            problem = "a * stands for whole parts in front of a name only, as in *.example.org:443";
            return null;
        }

        return HostName.TryNormalise(name, out string? normal, out problem)
            ? new EndpointPattern(subDomains ? EndpointKind.SubDomains : EndpointKind.Name, normal, null, port)
            : null;
    }

    private static bool LooksLikeIPv4(string text) =>
        text.Count(c => c == '.') == 3 && text.All(c => char.IsAsciiDigit(c) || c == '.');
}
