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
        bool isImage = profile.Result.IsOfContainer;
        view.Comment(
            comment,
            [
                "endpoints: the network is there as a whole or not at all", "which files of the image are read",
                .. isImage
                    ? (string[])["what the recorded container had from the host, with --volume or --mount, which it has to be given again",
                        "changes directly in /, and what becomes of changes: a volume without src=NAME ends with the container"]
                    : ["paths are the host's, as they were recorded; leave out what the image has"],
            ]);
        comment.Line();
        comment.Line(engine == "docker"
            ? "shellguard export seccomp --base runc AUDIT > seccomp.json makes the filter that is named here."
            : "shellguard export seccomp --base crun AUDIT > seccomp.json makes the filter that is named here; --base runc where podman uses that.");
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

        foreach (string mount in isImage ? VolumesOf(view) : BindsOf(view))
        {
            text.Append(CultureInfo.InvariantCulture, $" \\\n  --mount={ScriptWord.Quote(mount)}");
        }

        return text.Append(CultureInfo.InvariantCulture, $" \\\n  \"$IMAGE\" {string.Join(' ', view.Command.Select(ScriptWord.Quote))}\n").ToString();
    }

    // A comma ends an option of --mount, a colon one of --volume; both know quotes of CSV only.
    private static IEnumerable<string> BindsOf(SandboxView view) => view.ReadOnly.Concat(view.Writable).Order(StringComparer.Ordinal)
        .Select(path => $"type=bind,\"src={Csv(path)}\",\"dst={Csv(path)}\"{(view.Writable.Contains(path, StringComparer.Ordinal) ? "" : ",readonly")}");

    /// <summary>A container's paths are the image's. What it changes there is a volume, which begins as a copy of what the image has.
    /// </summary>
    private IEnumerable<string> VolumesOf(SandboxView view) => view.Writable
        .Select(path => host.Look(path) is { IsDirectory: false } ? path[..Math.Max(1, path.LastIndexOf('/'))] : path)
        .Where(path => path is not ("/" or "/tmp" or "/run"))
        .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
        .Select(path => $"type=volume,\"dst={Csv(path)}\"");

    private static string Csv(string path) => path.Replace("\"", "\"\"", StringComparison.Ordinal);
}
