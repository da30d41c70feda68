using System.CommandLine;
using ShellGuard.Audit.Export;
using ShellGuard.Audit.Import;
using ShellGuard.Audit.Profiles;
using ShellGuard.Cells.Sessions;
using ShellGuard.Cli.Support;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Seccomp;

namespace ShellGuard.Cli.Commands;

/// <summary><c>shellguard export TARGET AUDIT</c>.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        IReadOnlyList<IExporter> exporters = Exporters.All(new HostLook());
        Argument<string> target = new("target");
        Argument<string> file = new("audit");
        Option<string?> output = new("--output", "-o") { Description = "Write it there, never over another file", HelpName = "FILE" };
        Option<string?> runtime = new("--base") { Description = "For seccomp: the runtime whose own calls the filter lets through, runc or crun", HelpName = "RUNTIME" };
        Option<string?> user = new("--user") { Description = "For systemd, sudoers and doas: the ordinary user that the rules are for", HelpName = "NAME" };
        Option<bool> direct = new("--direct") { Description = "For policy: changes go to the host at once" };
        (Option, ExportChoices)[] choices = [(runtime, ExportChoices.Base), (user, ExportChoices.User), (direct, ExportChoices.Direct)];
        GeneralOption general = new();
        Option<bool> degraded = ConfinedReading.DegradedOption();
        Verb verb = new("export", "Write what an audit says in the language of another tool")
        {
            Operands = "TARGET AUDIT",
            Details =
            [
                "Targets: " + string.Join(", ", exporters.Select(exporter => $"{exporter.Name} ({exporter.Description})"))
                + $", {LeashTarget.Name} ({LeashTarget.Description}).",
                "Each says in comments what it cannot express, what was left out on purpose, and what only root could do.",
            ],
            Examples =
            [
                new("shellguard export seccomp --base runc scan.audit", "a filter for containers"),
                new("shellguard export systemd -o scan.service scan.audit", "a service"),
                new("shellguard export leash -o ops.toml night.audit", "a shell of named commands"),
                new("shellguard export sudoers --user scanner scan.audit", "the helper commands that need root"),
            ],
        };
        verb.Arguments.Add(target);
        verb.Arguments.Add(file);
        verb.Options.Add(output);
        verb.Options.Add(runtime);
        verb.Options.Add(user);
        verb.Options.Add(direct);
        verb.Options.Add(degraded);
        general.AddTo(verb);
        verb.SetAction(parsed =>
        {
            string wanted = parsed.GetRequiredValue(target), name = parsed.GetRequiredValue(file);
            HostLook host = general.Host(parsed, HostGroups.Load());
            IExporter? exporter = wanted == LeashTarget.Name ? null : Exporters.All(host).FirstOrDefault(known => known.Name == wanted)
                ?? throw new SessionException(
                    $"there is no target '{wanted}'; there are {string.Join(", ", exporters.Select(known => known.Name))}, {LeashTarget.Name}");
            foreach ((Option option, ExportChoices choice) in choices)
            {
                if (parsed.GetResult(option) is { Implicit: false } && exporter?.Choices.HasFlag(choice) != true)
                {
                    throw new SessionException(
                        $"{wanted} has no {option.Name}; it is for {string.Join(", ", exporters.Where(known => known.Choices.HasFlag(choice)).Select(known => known.Name))}");
                }
            }

            if (exporter is null && general.FirstGiven(parsed) is { } foreign)
            {
                throw new SessionException($"{wanted} has no {foreign}: commands stand in it as they were called");
            }

            if (parsed.GetValue(runtime) is { } chosen && chosen is not ("runc" or "crun"))
            {
                throw new SessionException($"--base takes runc or crun, not '{chosen}'");
            }

            if (parsed.GetValue(user) is { } login)
            {
                CheckLogin(login);
            }

            using OpenAudits audits = OpenAudits.Of(name);
            using PackageLists packages = general.OpenPackages(parsed);
            using FileStream? written = parsed.GetValue(output) is { } path ? EvidenceFile.Create(path) : null;

            // A leash has the hashes of programs.
            ConfinedReading.Begin(exporter is null ? ConfinedReach.Read : ConfinedReach.Look, parsed.GetValue(degraded), written);
            ImportResult audit = ConfinedReading.Read(written, () => audits.Single().Result);
            if (exporter is null)
            {
                TextOutput.Write(written, LeashTarget.Write(audit, name));
                return 0;
            }

            AccessProfile profile = ProfileBuilder.Build(audit, general.Read(parsed, packages, audit), host);
            GeneralOption.Warn(profile);
            TextOutput.Write(written, exporter.Write(profile, new ExportOptions
            {
                Base = parsed.GetValue(runtime),
                Direct = parsed.GetValue(direct),
                User = parsed.GetValue(user) ?? "USER",
            }));
            return 0;
        });
        return verb;
    }

    private static void CheckLogin(string login)
    {
        if (!IsLogin(login))
        {
            throw new SessionException($"'{login}' is no user's name");
        }

        // doas and systemd take a number for a name.
        if (login.All(digit => digit == '0') || Accounts.Find(login)?.Uid == 0)
        {
            throw new SessionException($"--user takes an ordinary user, and {login} is root, who needs no such rules; leave it out");
        }
    }

    // What all targets take without quoting, useradd(8).
    private static bool IsLogin(string name) => name.Length is > 0 and <= 32
        && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.') && name[0] is not ('-' or '.');
}
