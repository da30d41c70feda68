using System.Globalization;
using System.Net;
using System.Text;
using ShellGuard.Audit.Model;
using ShellGuard.Audit.Profiles.Generalisation;
using ShellGuard.Core;
using ShellGuard.Core.Events;

namespace ShellGuard.Audit.Profiles;

/// <summary>Reads endpoints of accesses, and guesses the name that was meant by the arguments of who connected.</summary>
internal static class ProfileEndpoints
{
    /// <returns>Null for what is no <c>address:port/protocol</c>.</returns>
    public static ProfileEndpoint? Read(GeneralAccess access)
    {
        string text = access.Target;
        int slash = text.LastIndexOf('/');
        int colon = slash < 0 ? -1 : text.LastIndexOf(':', slash);
        if (colon <= 0)
        {
            return null;
        }

        string host = text[..colon].Trim('[', ']');
        ReadOnlySpan<char> number = text.AsSpan(colon + 1, slash - colon - 1);
        int port = 0;
        string protocol = text[(slash + 1)..];

        // The address is written anew: what is parsed may have a scope behind it (%eth0), which is any text.
        return IPAddress.TryParse(host, out IPAddress? address) && protocol is "tcp" or "udp" or "raw"
            && (number.SequenceEqual("*") || (int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is >= 0 and <= 65535))
            ? new ProfileEndpoint(new IPAddress(address.GetAddressBytes()).ToString(), port, protocol, NameOf(access), access)
            : null;
    }

    /// <summary>Marks datagram sockets that were connected to where a stream went too, or to no address at all, and that
    /// nothing was seen to be sent to by name: connecting one sends nothing, udp(7).</summary>
    public static void MarkSelections(List<ProfileEndpoint> connects)
    {
        HashSet<(string, int)> streams = [], sent = [];
        foreach (ProfileEndpoint endpoint in connects)
        {
            if (endpoint.Protocol == "tcp")
            {
                streams.Add((endpoint.Host, endpoint.Port));
            }
            else if (endpoint.Evidence.Operation == Operation.Send)
            {
                sent.Add((endpoint.Host, endpoint.Port));
            }
        }

        for (int index = 0; index < connects.Count; index++)
        {
            ProfileEndpoint endpoint = connects[index];
            (string, int) place = (endpoint.Host, endpoint.Port);
            connects[index] = endpoint with
            {
                IsSelection = endpoint.Protocol == "udp" && endpoint.Port != 53 && !sent.Contains(place)
                    && (streams.Contains(place) || endpoint.Host is "0.0.0.0" or "::"),
            };
        }
    }

    /// <summary>A name that stands in the arguments of each process that connected, where there is only one.</summary>
    private static string? NameOf(GeneralAccess access)
    {
        if (access.Operation is not Operation.Connect)
        {
            return null;
        }

        string? name = null;
        foreach (SeenAccess seen in access.Members)
        {
            HashSet<string> names = new(StringComparer.Ordinal);
            foreach (HostileText argument in seen.Access.Chain[0].Arguments.Kept.Skip(1))
            {
                if (HostIn(Encoding.UTF8.GetString(argument.Kept.Span)) is { } host)
                {
                    names.Add(host);
                }
            }

            if (names.Count != 1 || (name is not null && !names.Contains(name)))
            {
                return null;
            }

            name = names.First();
        }

        return name;
    }

    private static string? HostIn(string argument)
    {
        int scheme = argument.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0)
        {
            return null;
        }

        string rest = argument[(scheme + 3)..];
        int end = rest.AsSpan().IndexOfAny("/?#");
        rest = end < 0 ? rest : rest[..end];
        rest = rest[(rest.LastIndexOf('@') + 1)..];
        int colon = rest.LastIndexOf(':');
        string host = (colon < 0 ? rest : rest[..colon]).ToLowerInvariant().TrimEnd('.');
        return Policy.Model.EndpointPattern.TryParse($"{host}:1", out Policy.Model.EndpointPattern? pattern, out _)
            && pattern.Kind == Policy.Model.EndpointKind.Name ? host : null;
    }
}
