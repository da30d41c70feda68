using System.Buffers;
using System.Globalization;
using System.Text;
using ShellGuard.Audit.Profiles;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Audit.Export;

/// <summary>A unit of systemd with the options that confine it.</summary>
public sealed class SystemdExporter(IHostLook host) : IExporter
{
    private static readonly SearchValues<char> Special = SearchValues.Create(" \"'\\;#");

    public string Name => "systemd";

    public string Description => "a systemd service with confining options";

    public ExportChoices Choices => ExportChoices.User;

    public string Write(AccessProfile profile, ExportOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        SandboxView view = new(profile, host);
        StringBuilder text = new();
        CommentText comment = new(text);
        comment.Head(profile, "A systemd service");
        view.Comment(
            comment, "names of hosts: IPAddressAllow= takes addresses only", "ports of connections", "which of the files in a directory are read: what is not in ReadWritePaths= stays readable but for homes",
            "names of paths with control characters, quotes or backslashes");
        text.Append("\n[Unit]\nDescription=Confined command\n\n[Service]\nType=oneshot\n");
        if (options.User != "USER")
        {
            text.Append("User=").Append(options.User).Append('\n');
        }
        else
        {
            comment.Line("--user NAME makes it somebody's; so it is root with the capabilities below.");
        }

        text.Append("ExecStart=").Append(ExecStart(profile, view, comment));
        IEnumerable<string> capabilities = options.User != "USER" ? profile.Capabilities : profile.RootCapabilities;
        text.Append("\nNoNewPrivileges=yes\nCapabilityBoundingSet=").AppendJoin(' ', capabilities)
            .Append("\nAmbientCapabilities=").AppendJoin(' ', capabilities)
            .Append("\nProtectSystem=strict\nPrivateTmp=yes\nPrivateDevices=yes\nProtectKernelTunables=yes\nProtectKernelModules=yes\n"
                + "ProtectKernelLogs=yes\nProtectControlGroups=yes\nProtectClock=yes\nProtectHostname=yes\nRestrictNamespaces=yes\n"
                + "RestrictRealtime=yes\nRestrictSUIDSGID=yes\nLockPersonality=yes\nSystemCallArchitectures=native\nUMask=0077\n");
        List<string> unsaid = [.. view.ReadOnly.Concat(view.Writable).Where(path => !IsSaid(path))];
        List<string> homes = [.. view.ReadOnly.Where(IsInHome)];
        text.Append(homes.Count > 0 || view.Writable.Any(IsInHome) ? "ProtectHome=tmpfs\n" : "ProtectHome=yes\n");
        foreach (string path in view.Writable.Where(IsSaid))
        {
            // Beneath the empty homes nothing is but what is bound there.
            text.Append(IsInHome(path) ? "BindPaths=-" : "ReadWritePaths=-").Append(IsInHome(path) ? OfBind(path) : OfPath(path)).Append('\n');
        }

        foreach (string path in homes.Where(IsSaid))
        {
            text.Append("BindReadOnlyPaths=-").Append(OfBind(path)).Append('\n');
        }

        comment.Missing("Left out, because a unit has no words for the name:", unsaid.Select(path => Reports.AccessText.Name(path)));
        text.Append("RestrictAddressFamilies=").AppendJoin(' ', SandboxView.FamiliesOf(profile)).Append('\n');
        if (!view.NeedsNetwork)
        {
            text.Append("PrivateNetwork=yes\n");
        }
        else
        {
            text.Append("IPAddressDeny=any\n");
            foreach (string address in profile.Connects.Select(endpoint => endpoint.Host).Concat(profile.Listens.Select(_ => "localhost")).Distinct(StringComparer.Ordinal))
            {
                text.Append("IPAddressAllow=").Append(address).Append('\n');
            }
        }

        SeccompExporter.Calls calls = SeccompExporter.CallsOf(profile, null);
        if (calls.IsWhole)
        {
            text.Append("SystemCallFilter=").AppendJoin(' ', calls.Names.Concat(calls.Added)).Append("\nSystemCallErrorNumber=EPERM\n");
        }
        else
        {
            comment.Line("The recording has some system calls only: systemd's set for services is used.");
            text.Append("SystemCallFilter=@system-service\nSystemCallErrorNumber=EPERM\n");
        }

        return text.ToString();
    }

    /// <summary>The program by its path; env where only its name is known. Without the whole command nothing that could run.
    /// </summary>
    private static string ExecStart(AccessProfile profile, SandboxView view, CommentText comment)
    {
        // The path is taken as it stands; in the arguments a dollar begins a variable, and two are one.
        bool isKnown = profile.Command is { IsWhole: true, Count: > 0 };
        bool isSaid = isKnown && IsSaid(profile.Program) && !profile.Program.Contains('$', StringComparison.Ordinal);
        if (isKnown && !isSaid)
        {
            comment.Line("A unit has no words for the program's name: put the command in the place of COMMAND.");
        }

        StringBuilder text = new();
        bool isByPath = isSaid && profile.Program.StartsWith('/');
        text.Append(isByPath ? OfPath(profile.Program) : "/usr/bin/env");
        foreach (string argument in isByPath ? view.Command.Skip(1) : isSaid ? view.Command : [SandboxView.Placeholder])
        {
            text.Append(' ').Append(OfArgument(argument));
        }

        return text.ToString();
    }

    private static bool IsInHome(string path) => Policy.Evaluation.PathText.IsAtOrBeneath(path, "/home") || Policy.Evaluation.PathText.IsAtOrBeneath(path, "/root");

    // Options with paths and options with binds take backslashes and quotes differently.
    private static bool IsSaid(string path) => !path.Any(char.IsControl) && path.AsSpan().IndexOfAny("\"'\\") < 0;

    /// <summary>systemd.syntax(7): quotes around blanks; two percent signs are one.</summary>
    private static string OfPath(string path)
    {
        string safe = path.Replace("%", "%%", StringComparison.Ordinal);
        return safe.AsSpan().IndexOfAny(Special) >= 0 ? $"\"{safe}\"" : safe;
    }

    /// <summary>systemd.exec(5): behind a colon the place in the unit's view would stand.</summary>
    private static string OfBind(string path) => OfPath(path).Replace(":", "\\:", StringComparison.Ordinal);

    /// <summary>An argument of ExecStart=, systemd.service(5): C's escapes, by the byte.</summary>
    private static string OfArgument(string word)
    {
        StringBuilder text = new(word.Length);
        foreach (byte value in KernelText.Encode(word))
        {
            text.Append((char)value switch
            {
                '\\' or '"' => $"\\{(char)value}",
                '%' => "%%",
                '$' => "$$",
                >= ' ' and <= '~' => ((char)value).ToString(),
                _ => string.Create(CultureInfo.InvariantCulture, $"\\x{value:x2}"),
            });
        }

        return text.Length == 0 || word.AsSpan().IndexOfAny(Special) >= 0 ? $"\"{text}\"" : text.ToString();
    }
}
