using ShellGuard.Core;
using ShellGuard.Leash.Locating;

namespace ShellGuard.Leash.Setup;

/// <summary>What sshd(8) is told about a user, sshd_config(5).</summary>
internal static class SshSettings
{
    public const string Main = "/etc/ssh/sshd_config";
    public const string Directory = "/etc/ssh/sshd_config.d";

    private const string Sshd = "/usr/sbin/sshd";

    /// <summary>As sshd prints them with -T. Forwarding happens before any shell, and variables of a user's own file would
    /// reach the loader of the shell that starts the leash.</summary>
    private static readonly string[] Wanted =
        ["disableforwarding yes", "permituserrc no", "permittunnel no", "permituserenvironment no"];

    /// <summary>Read before what others wrote, so that it holds: of two values sshd takes the first.</summary>
    public static string FileOf(string user) => $"{Directory}/00-shellguard-leash-{user}.conf";

    public static string Text(SetupRequest request) =>
        $"""
        # written by shellguard leash install; shellguard leash install {request.User} --undo takes it back
        Match User {request.User}
            ForceCommand {request.Program}
            DisableForwarding yes
            PermitTunnel no
            PermitUserRC no

        """;

    /// <summary>Asks sshd whether its settings are well-formed and hold for the user.</summary>
    /// <exception cref="LeashException">They do not.</exception>
    public static void Check(SetupRequest request)
    {
        string main = request.At(Main);
        string subject = $"user={request.User},host=localhost,addr=127.0.0.1";
        if (HostProgram.Run([Sshd, "-t", "-f", main], out string complaint) != 0)
        {
            throw new LeashException($"sshd -t: {Last(complaint)}", LeashException.OwnFailure);
        }

        if (HostProgram.Run([Sshd, "-T", "-f", main, "-C", subject], out string settings) != 0)
        {
            throw new LeashException($"sshd -T: {Last(settings)}", LeashException.OwnFailure);
        }

        string[] lines = settings.Split('\n');
        foreach (string wanted in Wanted.Append($"forcecommand {request.Program}"))
        {
            if (!lines.Contains(wanted, StringComparer.Ordinal))
            {
                string key = wanted[..wanted.IndexOf(' ', StringComparison.Ordinal)];
                string found = lines.FirstOrDefault(line => line.StartsWith(key + " ", StringComparison.Ordinal)) ?? "nothing";
                throw new LeashException(
                    $"sshd would not do as {FileOf(request.User)} says: wanted '{wanted}', has '{SafeText.Message(found)}'; "
                    + $"{main} must include {Directory}/*.conf before anything else, and say PermitUserEnvironment no",
                    LeashException.OwnFailure);
            }
        }
    }

    private static string Last(string text) => SafeText.Message(text.Trim().Split('\n')[^1]);
}
