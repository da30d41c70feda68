using System.Globalization;
using System.Text;
using ShellGuard.Audit.Profiles;

namespace ShellGuard.Audit.Export;

/// <summary>Landlock's rules, as arguments of landrun, the best-known wrapper.</summary>
public sealed class LandlockExporter(IHostLook host) : IExporter
{
    public string Name => "landlock";

    public string Description => "Landlock rules as a landrun command line";

    public string Write(AccessProfile profile, ExportOptions options)
    {
        SandboxView view = new(profile, host);
        StringBuilder text = new("#!/bin/sh\n");
        CommentText comment = new(text);
        comment.Head(profile, "Landlock rules, as arguments of landrun");
        view.Comment(
            comment, "addresses: Landlock knows ports of TCP only (from kernel 6.7)", "UDP, unix sockets by path, and looking at names (stat): they stay possible",
            "system calls and capabilities", "hiding what lies in a directory that is shown");
        text.Append("exec landrun \\\n  --rox /usr --rox /bin --rox /sbin --rox /lib --ro /etc/ld.so.cache --ro /etc/alternatives \\\n  --rw /dev/null --rw /tmp --ro /proc");
        foreach (string path in view.ReadOnly)
        {
            // landrun gives directory rights to directories and file rights to files by itself.
            bool executes = view.Evidence(path).Any(access => access.Operation is Core.Operation.Execute or Core.Operation.MapExecutable);
            text.Append(CultureInfo.InvariantCulture, $" \\\n  {(executes ? "--rox" : "--ro")} {ScriptWord.Quote(path)}");
        }

        foreach (string path in view.Writable)
        {
            text.Append(CultureInfo.InvariantCulture, $" \\\n  --rw {ScriptWord.Quote(path)}");
        }

        foreach (int port in Ports(profile.Connects))
        {
            text.Append(CultureInfo.InvariantCulture, $" \\\n  --connect-tcp {port}");
        }

        foreach (int port in Ports(profile.Listens))
        {
            text.Append(CultureInfo.InvariantCulture, $" \\\n  --bind-tcp {port}");
        }

        return text.Append(CultureInfo.InvariantCulture, $" \\\n  -- {string.Join(' ', view.Command.Select(ScriptWord.Quote))}\n").ToString();
    }

    private static List<int> Ports(IEnumerable<ProfileEndpoint> endpoints)
    {
        List<int> ports = [];
        foreach (ProfileEndpoint endpoint in endpoints)
        {
            if (endpoint.Protocol == "tcp" && endpoint.Port > 0 && !ports.Contains(endpoint.Port))
            {
                ports.Add(endpoint.Port);
            }
        }

        ports.Sort();
        return ports;
    }
}
