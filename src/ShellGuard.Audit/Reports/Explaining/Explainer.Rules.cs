using System.Globalization;
using ShellGuard.Audit.Export;
using ShellGuard.Audit.Model;
using ShellGuard.Audit.Profiles;
using ShellGuard.Audit.Profiles.Generalisation;
using ShellGuard.Audit.Profiles.Privileges;
using ShellGuard.Core;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Audit.Reports.Explaining;

/// <content>Rules that name no object: capabilities, groups, addresses, ports, families, calls, variables.</content>
public sealed partial class Explainer
{
    private const string CapabilityPrefix = "CAP_";

    /// <summary>A capability, with or without its prefix, or a group: what only root could do without it.</summary>
    private void AddPrivileges()
    {
        string name = _wanted.Text.ToUpperInvariant();
        string capability = name.StartsWith(CapabilityPrefix, StringComparison.Ordinal) ? name : CapabilityPrefix + name;
        bool isCapability = CapabilityNames.NumberOf(capability) is not null;
        foreach (PrivilegeNeed need in _profile.Privileges)
        {
            bool isGroup = need.Group is { } group
                && (_host.GroupName(group) == _wanted.Text || group.ToString(CultureInfo.InvariantCulture) == _wanted.Text);
            if ((isCapability && need.Capability == capability) || isGroup)
            {
                _notes.Add(new ExplainedNote($"{(isGroup ? $"group {AccessText.Name(_wanted.Text)}" : capability)}: {need.Why}"));
                Add(need.Accesses);
            }
        }

        if (isCapability)
        {
            // What says so by itself: a check that was recorded, a capability that was given up.
            Add(_profile.Source.Accesses.Where(access => access.Kind == ObjectKind.Privilege && access.Target.Split(' ').Contains(capability)));
        }
    }

    /// <summary>An address without a port, a port without an address, a family of sockets.</summary>
    private void AddEndpoints()
    {
        string text = _wanted.Text;
        int slash = text.LastIndexOf('/');
        string host = (slash > 0 && text[slash..] is "/32" or "/128" ? text[..slash] : text).Trim('[', ']');
        string port = slash > 0 ? text[..slash] : text;
        string protocol = slash > 0 ? text[(slash + 1)..] : "";
        bool isPort = int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is > 0 and <= 65535;
        string family = text.StartsWith("AF_", StringComparison.Ordinal) ? text : "AF_" + text.ToUpperInvariant();
        foreach (ProfileEndpoint endpoint in _profile.Connects.Concat(_profile.Listens))
        {
            string pair = $"{endpoint.HostText}:{endpoint.Port}";
            bool isMeant = endpoint.Host == host || endpoint.Name == text || pair == text || $"{endpoint.Name}:{endpoint.Port}" == text
                || (host == "localhost" && _profile.Listens.Contains(endpoint))
                || (isPort && endpoint.Port == number && (protocol.Length == 0 || protocol == endpoint.Protocol))
                || family == (endpoint.IsIPv6 ? "AF_INET6" : "AF_INET");
            if (isMeant)
            {
                Add(endpoint.Evidence, endpoint.Evidence.Members);
            }
        }

        Add(_profile.Source.Accesses.Where(access => access.Outcome.IsGranted && FamilyOf(access) == family));
    }

    private static string? FamilyOf(GeneralAccess access) => access.Kind switch
    {
        ObjectKind.UnixSocket or ObjectKind.AbstractSocket or ObjectKind.UnixDatagram => "AF_UNIX",
        ObjectKind.OtherSocket => access.Target.StartsWith("packet", StringComparison.Ordinal) ? "AF_PACKET" : "AF_NETLINK",
        _ => null,
    };

    /// <summary>A name in a filter of system calls. The audit counts calls; where one stands only the recording shows.
    /// </summary>
    private void AddCall()
    {
        SeenCall? call = _profile.Result.SystemCalls.FirstOrDefault(call => call.Name == _wanted.Text);
        if (call is null)
        {
            if (SeccompExporter.IsAdded(_wanted.Text))
            {
                _notes.Add(new ExplainedNote(
                    $"{AccessText.Name(_wanted.Text)}: not seen; filters let it through all the same, because no run shows it or because the runtime makes it"));
            }

            return;
        }

        _notes.Add(new ExplainedNote(string.Create(CultureInfo.InvariantCulture, $"system call {call.Name}: made {call.Count:N0} {(call.Count == 1 ? "time" : "times")}")));
        if (_order.Exists(access => access.Kind == ObjectKind.SystemCall))
        {
            return;
        }

        if (FirstCall.Find(_profile.Result, call) is { } first)
        {
            GeneralAccess access = new(Operation.SystemCall, ObjectKind.SystemCall, call.Name, null, first.Access.Outcome, false, [], [first]);
            Add(access, access.Members);
        }
        else
        {
            _notes.Add(new ExplainedNote("the line of its first call is not shown: the recording is not there, is another one now, or is none of strace's form"));
        }
    }

    /// <summary>A variable that a policy passes on. Values are never shown.</summary>
    private void AddVariables()
    {
        foreach (SeenVariable variable in _profile.Result.Environment.Where(variable => _wanted.Has(variable.Name)))
        {
            _notes.Add(new ExplainedNote(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"variable {AccessText.Name(variable.Name)}: given {(variable.IsGiven ? "to" : "by")} the command, in {variable.Count:N0} {(variable.Count == 1 ? "execution" : "executions")}"),
                variable.Origin));
        }

        if (PolicyExporter.Variables.Contains(_wanted.Text))
        {
            _notes.Add(new ExplainedNote($"{_wanted.Text}: every policy passes it, because no recording tells which variables are read"));
        }
    }

    private void Add(IEnumerable<GeneralAccess> accesses)
    {
        foreach (GeneralAccess access in accesses)
        {
            Add(access, access.Members);
        }
    }
}
