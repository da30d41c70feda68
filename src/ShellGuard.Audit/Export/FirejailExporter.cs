using System.Buffers;
using System.Text;
using ShellGuard.Audit.Profiles;

namespace ShellGuard.Audit.Export;

/// <summary>A firejail profile.</summary>
public sealed class FirejailExporter(IHostLook host) : IExporter
{
    private static readonly SearchValues<char> Special = SearchValues.Create(" ,*?[]${}\\\"'");

    public string Name => "firejail";

    public string Description => "a firejail profile";

    public string Write(AccessProfile profile, ExportOptions options)
    {
        SandboxView view = new(profile, host);
        StringBuilder text = new();
        CommentText comment = new(text);
        comment.Head(profile, "A firejail profile");
        view.Comment(
            comment, "endpoints and ports", "files outside of homes, /etc, /opt, /srv, /var and /mnt: they stay readable", "names with spaces or commas: such lines are left out");
        text.Append(profile.Capabilities.Any() ? $"caps.keep {string.Join(',', profile.Capabilities.Select(name => name[4..].ToLowerInvariant()))}\n" : "caps.drop all\n");
        text.Append("nonewprivs\nnogroups\nnodvd\nnosound\nnotv\nnou2f\nnovideo\nprivate-dev\nprivate-tmp\n");
        text.Append(view.NeedsNetwork
            ? $"protocol {string.Join(',', SandboxView.FamiliesOf(profile).Select(family => family[3..].ToLowerInvariant()))}\n"
            : "net none\n");
        SeccompExporter.Calls calls = SeccompExporter.CallsOf(profile, null);
        if (calls.IsWhole)
        {
            text.Append("seccomp.keep ").AppendJoin(',', calls.Names.Concat(calls.Added)).Append('\n');
        }
        else
        {
            comment.Line("The recording has some system calls only: firejail's own list of dangerous ones is used.");
            text.Append("seccomp\n");
        }

        // In this order: a line undoes what those above it say of what lies beneath.
        foreach (string place in (string[])["/etc", "/opt", "/srv", "/var"])
        {
            text.Append("read-only ").Append(place).Append('\n');
        }

        foreach (string path in view.Writable.Where(IsWritten))
        {
            text.Append("read-write ").Append(path).Append('\n');
        }

        return text.ToString();
    }

    // firejail's profiles know no quoting, and its macros begin with a dollar.
    private static bool IsWritten(string path) => path.AsSpan().IndexOfAny(Special) < 0;
}
