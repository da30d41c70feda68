using System.Globalization;
using System.Text;
using ShellGuard.Audit.Profiles;

namespace ShellGuard.Audit.Export;

/// <summary>Options of docker run and podman run, as a script of the shell.</summary>
public sealed class ContainerExporter(string engine, IHostLook host) : IExporter
{
    public string Name => engine;

    public string Description => $"{engine} run options";

    public string Write(AccessProfile profile, ExportOptions options)
    {
        SandboxView view = new(profile, host);
        StringBuilder text = new("#!/bin/sh\n");
        CommentText comment = new(text);
        comment.Head(profile, $"Options of {engine} run");
        view.Comment(
            comment, "endpoints: the network is there as a whole or not at all", "which files of the image are read", "paths are the host's, as they were recorded; leave out what the image has");
        comment.Line();
        comment.Line("shellguard export seccomp AUDIT > seccomp.json makes the filter that is named here.");
        text.Append(CultureInfo.InvariantCulture, $"exec {engine} run --rm --read-only --cap-drop=ALL --security-opt=no-new-privileges \\\n  --security-opt=seccomp=seccomp.json");

        foreach (string capability in profile.RootCapabilities)
        {
            text.Append(CultureInfo.InvariantCulture, $" \\\n  --cap-add={capability}");
        }

        text.Append(view.NeedsNetwork ? "" : " \\\n  --network=none").Append(" \\\n  --tmpfs=/tmp --tmpfs=/run");
        foreach (ProfileEndpoint endpoint in profile.Listens.Where(endpoint => endpoint.HasPort && !endpoint.IsLoopback))
        {
            text.Append(CultureInfo.InvariantCulture, $" \\\n  --publish=127.0.0.1:{endpoint.Port}:{endpoint.Port}/{endpoint.Protocol}");
        }

        foreach (string path in view.ReadOnly.Concat(view.Writable).Order(StringComparer.Ordinal))
        {
            // A comma ends an option of --mount, a colon one of --volume; both know quotes of CSV only.
            string mount = $"type=bind,\"src={Csv(path)}\",\"dst={Csv(path)}\"{(view.Writable.Contains(path, StringComparer.Ordinal) ? "" : ",readonly")}";
            text.Append(CultureInfo.InvariantCulture, $" \\\n  --mount={ScriptWord.Quote(mount)}");
        }

        return text.Append(CultureInfo.InvariantCulture, $" \\\n  \"$IMAGE\" {string.Join(' ', view.Command.Select(ScriptWord.Quote))}\n").ToString();
    }

    private static string Csv(string path) => path.Replace("\"", "\"\"", StringComparison.Ordinal);
}
