using System.Buffers;
using System.Text;
using ShellGuard.Audit.Profiles;

namespace ShellGuard.Audit.Export;

/// <summary>A unit of systemd with the options that confine it.</summary>
public sealed class SystemdExporter(IHostLook host) : IExporter
{
    private static readonly SearchValues<char> Special = SearchValues.Create(" \"'\\;#");

    public string Name => "systemd";

    public string Description => "a systemd service with confining options";

    public string Write(AccessProfile profile, ExportOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        SandboxView view = new(profile, host);
        StringBuilder text = new();
        CommentText comment = new(text);
        comment.Head(profile, "A systemd service");
        view.Comment(
            comment, "names of hosts: IPAddressAllow= takes addresses only", "ports of connections", "which of the files in a directory are read: what is not in ReadWritePaths= stays readable but for homes",
            "names with control characters or percent signs");
        text.Append("\n[Unit]\nDescription=Confined command\n\n[Service]\nType=oneshot\n");
        if (options.User != "USER")
        {
            text.Append("User=").Append(options.User).Append('\n');
        }
        else
        {
            comment.Line("--user NAME makes it somebody's; so it is root with the capabilities below.");
        }

        string program = profile.Program.StartsWith('/') ? profile.Program : "/usr/bin/env";
        IEnumerable<string> arguments = profile.Program.StartsWith('/') ? view.Command.Skip(1) : view.Command;
        text.Append("ExecStart=").Append(Quoted(program));
        foreach (string argument in arguments)
        {
            text.Append(' ').Append(Quoted(argument));
        }

        IEnumerable<string> capabilities = options.User != "USER" ? profile.Capabilities : profile.RootCapabilities;
        text.Append("\nNoNewPrivileges=yes\nCapabilityBoundingSet=").AppendJoin(' ', capabilities)
            .Append("\nAmbientCapabilities=").AppendJoin(' ', capabilities)
            .Append("\nProtectSystem=strict\nPrivateTmp=yes\nPrivateDevices=yes\nProtectKernelTunables=yes\nProtectKernelModules=yes\n"
                + "ProtectKernelLogs=yes\nProtectControlGroups=yes\nProtectClock=yes\nProtectHostname=yes\nRestrictNamespaces=yes\n"
                + "RestrictRealtime=yes\nRestrictSUIDSGID=yes\nLockPersonality=yes\nSystemCallArchitectures=native\nUMask=0077\n");
        bool readsHomes = view.ReadOnly.Concat(view.Writable).Any(path => path.StartsWith("/home/", StringComparison.Ordinal) || path.StartsWith("/root", StringComparison.Ordinal));
        text.Append(readsHomes ? "ProtectHome=tmpfs\n" : "ProtectHome=yes\n");
        foreach (string path in view.Writable.Where(IsSaid))
        {
            text.Append("ReadWritePaths=-").Append(Quoted(path)).Append('\n');
        }

        foreach (string path in view.ReadOnly.Where(path => IsSaid(path) && (path.StartsWith("/home/", StringComparison.Ordinal) || path.StartsWith("/root", StringComparison.Ordinal))))
        {
            text.Append("BindReadOnlyPaths=-").Append(Quoted(path)).Append('\n');
        }

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

    private static bool IsSaid(string path) => !path.Any(char.IsControl);

    /// <summary>systemd.syntax(7): quotes, backslashes; specifiers and variables doubled.</summary>
    private static string Quoted(string value)
    {
        string safe = value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("%", "%%", StringComparison.Ordinal).Replace("$", "$$", StringComparison.Ordinal);
        safe = string.Concat(safe.Select(letter => char.IsControl(letter) ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"\\x{(int)letter:x2}") : letter.ToString()));
        return safe.Length == 0 || safe.AsSpan().IndexOfAny(Special) >= 0 ? $"\"{safe}\"" : safe;
    }
}
