using ShellGuard.Audit.Export;
using ShellGuard.Audit.Profiles;
using ShellGuard.Audit.Reports.Document;
using ShellGuard.Audit.Reports.Pictures;
using ShellGuard.Core;

namespace ShellGuard.Audit.Reports.Findings;

public sealed partial class ReportBuilder
{
    private const int TreeChildren = 12;
    private const int TreeLines = 150;

    private void Connections()
    {
        ReportSection section = Add("network", "Where it connected", "Peers and places to listen at. A name is the one in the arguments of who connected; the address is what was seen. Answers of DNS are not recorded.");
        AddTable(section, ["peer", "protocol", "name", "outcome", "by", "times", "runs"], Peers(_profile.Connects));
        AddTable(
            section, ["tried without success", "outcome", "by", "times"],
            _profile.Failed.Concat(_profile.Denied).Where(access => access.Operation is Operation.Connect or Operation.Send && access.Kind == ObjectKind.Endpoint)
                .Select(access => (IReadOnlyList<string>)[AccessText.Name(access.Target), AccessText.Outcome(access.Outcome), By([access]), Count(access.Count)]));
        AddTable(section, ["listens at", "protocol", "name", "outcome", "by", "times", "runs"], Peers(_profile.Listens));
        AddTable(section, ["unix socket", "by", "times", "runs"], Granted(access => access.Operation is Operation.Connect or Operation.Send
            && (access.Kind.IsUnixPath() || access.Kind == ObjectKind.AbstractSocket)).Select(access => (IReadOnlyList<string>)[AccessText.Name(access.Target), By([access]), Count(access.Count), Runs([access])]));
    }

    private IEnumerable<IReadOnlyList<string>> Peers(IEnumerable<ProfileEndpoint> endpoints) => endpoints.Select(endpoint => (IReadOnlyList<string>)
    [
        AccessText.Name(endpoint.Evidence.Target), endpoint.Protocol, endpoint.Name ?? "", endpoint.IsSelection ? "address selection: sends nothing" : endpoint.Evidence.Outcome.Kind == OutcomeKind.Started ? "not waited for" : "success",
        By([endpoint.Evidence]), Count(endpoint.Evidence.Count), Runs([endpoint.Evidence]),
    ]);

    private void Executions() => AddTable(
        Add("executed", "What it executed", "Programs, with the arguments of the first time."), ["program", "package", "for example", "started by", "times", "runs"],
        Granted(access => access.Operation == Operation.Execute).GroupBy(access => access.Target, StringComparer.Ordinal).Select(program => (IReadOnlyList<string>)
        [
            AccessText.Name(program.Key), _packages.OwnerOf(program.Key) ?? "", AccessText.Arguments(program.First().Members[0].Access.Arguments, 100), By(program),
            Count(program.Sum(access => access.Count)), Runs(program),
        ]));

    private void Processes()
    {
        ReportSection section = Add("processes", "Processes", "Which program started which, equal ones together. A thick frame is root.");
        List<ProgramLine> tree = [.. ProgramTree.Of(_profile.Result.Accesses).Lines(TreeChildren).Take(TreeLines)];
        if (tree.Count == 0)
        {
            return;
        }

        section.Blocks.Add(new ReportPicture(ProgramTreePicture.Write(tree, number => UserText.Of(_profile.Result, number)), "The tree of programs; the list below has the arguments."));
        section.Blocks.Add(new ReportList([.. tree.Select(line => new ReportLine(
            line.Depth, $"{line.Program.Name}{(line.Program.Processes > 1 ? $" ×{Count(line.Program.Processes)}" : "")}{(line.Program.Arguments.Length > 0 ? $"  ({line.Program.Arguments})" : "")}"))]));
    }

    private void Privileges()
    {
        ReportSection changes = Add("privileges", "Changes of identity and privilege", "Users, groups, capabilities, name spaces, code for the kernel, other processes, and system calls that matter by themselves.");
        AddTable(changes, ["what", "on what", "by", "times", "runs"], _profile.Others.Where(access => access.Operation
            is Operation.ChangeIdentity or Operation.LoadCode or Operation.Trace or Operation.Signal or Operation.SystemCall).Select(access => (IReadOnlyList<string>)
            [KebabCase.Of(access.Operation.ToString()), AccessText.Name(access.Target), By([access]), Count(access.Count), Runs([access])]));
        ReportSection ways = Add("not-as-root", "Not as root", "What only root could do, and the ways to have it otherwise, the cheapest first, with what else each gives.");
        AddTable(ways, ["why root", "for", "ways", "by"], _profile.Privileges.Select(need => (IReadOnlyList<string>)
        [
            need.Why, $"{AccessText.Of(need.Accesses[0])}{(need.Accesses.Count > 1 ? $" and {Count(need.Accesses.Count - 1)} more" : "")}",
            string.Join("; ", need.Ways.Select(way => $"{CommentText.Word(way.Kind)}: {way.Text}{(way.Cost is null ? "" : $" [{way.Cost}]")}")), By(need.Accesses),
        ]));
    }

    private void Delegations() => AddTable(
        Add("delegations", "Delegations", "Services that act with more rights than the command: container engines, D-Bus, systemd, key agents; and programs that change who one is."),
        ["what", "why it matters", "by", "times", "runs"],
        Granted(Surprises.IsDelegation).Select(access => (IReadOnlyList<string>)
            [AccessText.Of(access), Surprises.DelegationOf(access.Target)!, By([access]), Count(access.Count), Runs([access])])
        .Concat(Granted(access => access.Operation == Operation.Execute && IsChanger(access.Target)).Select(access => (IReadOnlyList<string>)
            [AccessText.Of(access), "it runs a command as another user, by its own rules", By([access]), Count(access.Count), Runs([access])])));

    private void Refusals()
    {
        ReportSection section = Add("denied", "What was denied or failed", $"The kernel refused it, or it failed otherwise. {Count(_profile.Probes)} more names were looked for and not there.");
        AddTable(section, ["what", "outcome", "class", "by", "times"], _profile.Denied.Concat(_profile.Failed).Select(access => (IReadOnlyList<string>)
        [
            AccessText.Of(access), AccessText.Outcome(access.Outcome), access.Target.StartsWith('/') ? _sensitivity.Of(access.Target) : "", By([access]), Count(access.Count),
        ]));
    }

    private static bool IsChanger(string program) => program[(program.LastIndexOf('/') + 1)..]
        is "sudo" or "su" or "doas" or "pkexec" or "runuser" or "setpriv" or "systemd-run" or "machinectl" or "newuidmap" or "newgidmap";
}
