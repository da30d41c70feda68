using System.Text;
using ShellGuard.Audit.Profiles;

namespace ShellGuard.Audit.Export;

/// <summary>A command line of bubblewrap, as a script of the shell.</summary>
public sealed class BubblewrapExporter(IHostLook host) : IExporter
{
    public string Name => "bwrap";

    public string Description => "a bubblewrap command line";

    public string Write(AccessProfile profile, ExportOptions options)
    {
        SandboxView view = new(profile, host);
        StringBuilder text = new("#!/bin/sh\n");
        CommentText comment = new(text);
        comment.Head(profile, "A bubblewrap command line");
        view.Comment(
            comment, "endpoints: the network is there as a whole or not at all", "which programs may be executed", "system calls (--seccomp takes a compiled filter)");
        text.Append("exec bwrap --unshare-all --die-with-parent --new-session");
        Line(text, view.NeedsNetwork ? "--share-net" : null);
        Line(text, "--ro-bind /usr /usr");
        foreach (string merged in (string[])["bin", "sbin", "lib", "lib32", "lib64", "libx32"])
        {
            // What a host with a merged /usr has; elsewhere these are directories of their own.
            Line(text, host.Look("/" + merged) is null ? null
                : host.Look("/usr/" + merged) is null ? $"--ro-bind /{merged} /{merged}"
                : $"--symlink usr/{merged} /{merged}");
        }

        Line(text, "--ro-bind-try /etc/ld.so.cache /etc/ld.so.cache --ro-bind-try /etc/alternatives /etc/alternatives");
        Line(text, "--proc /proc --dev /dev --tmpfs /tmp --tmpfs /var/tmp --tmpfs /run");
        foreach (string path in view.ReadOnly.Concat(view.Writable).Order(StringComparer.Ordinal))
        {
            string quoted = ScriptWord.Quote(path);
            Line(text, $"{(view.Writable.Contains(path, StringComparer.Ordinal) ? "--bind" : "--ro-bind")} {quoted} {quoted}");
        }

        Line(text, $"-- {string.Join(' ', view.Command.Select(ScriptWord.Quote))}");
        return text.Append('\n').ToString();
    }

    private static void Line(StringBuilder text, string? line)
    {
        if (line is not null)
        {
            text.Append(" \\\n  ").Append(line);
        }
    }
}
