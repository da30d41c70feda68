using System.Globalization;
using System.Text;
using ShellGuard.Core;
using ShellGuard.Leash.Locating;

namespace ShellGuard.Leash.Setup;

/// <summary>A user as /etc/passwd has it, passwd(5): the one user database whose shells usermod(8) changes.</summary>
internal sealed record UserEntry(string Name, uint Uid, uint Gid, string Home, string Shell)
{
    private const string Usermod = "/usr/sbin/usermod";

    /// <summary>Looks a user up.</summary>
    public static UserEntry? Find(SetupRequest request)
    {
        foreach (UserEntry entry in All(request))
        {
            if (entry.Name == request.User)
            {
                return entry;
            }
        }

        return null;
    }

    /// <summary>All users of the file.</summary>
    public static IEnumerable<UserEntry> All(SetupRequest request)
    {
        byte[] content = RootFile.Read(request.At("/etc/passwd"), out _) ?? [];
        foreach (string line in Encoding.UTF8.GetString(content).Split('\n'))
        {
            string[] fields = line.Split(':');
            if (fields.Length == 7 && uint.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out uint uid)
                && uint.TryParse(fields[3], NumberStyles.None, CultureInfo.InvariantCulture, out uint gid))
            {
                yield return new UserEntry(fields[0], uid, gid, fields[5], fields[6]);
            }
        }
    }

    /// <summary>Changes the login shell.</summary>
    /// <exception cref="LeashException">usermod(8) refused.</exception>
    public static void SetShell(SetupRequest request, string shell)
    {
        string[] prefix = request.Root.Length == 0 ? [] : ["--prefix", request.Root];
        int status = HostProgram.Run([Usermod, .. prefix, "--shell", shell, request.User], out string output);
        if (status != 0 || Find(request)?.Shell != shell)
        {
            throw new LeashException(
                $"{Usermod} did not change the login shell of {SafeText.Escape(request.User)} (status {status}): "
                + SafeText.Message(output.Trim()), LeashException.OwnFailure);
        }
    }
}
