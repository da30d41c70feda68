using System.Buffers;
using System.Text;
using ShellGuard.Core;
using ShellGuard.Leash.Configuration;
using ShellGuard.Leash.Lint;
using ShellGuard.Leash.Locating;
using ShellGuard.Leash.Tools;
using ShellGuard.Policy.Diagnostics;

namespace ShellGuard.Leash.Setup;

/// <summary>Everything that is to be done so that a user is held, in its order; nothing of it is done yet.</summary>
/// <param name="Request">What was asked for.</param>
/// <param name="Steps">Changes, those that are done already included.</param>
/// <param name="Notes">What the administrator does, or should look at.</param>
public sealed record SetupPlan(SetupRequest Request, IReadOnlyList<SetupStep> Steps, IReadOnlyList<string> Notes)
{
    /// <summary>What neither sshd_config(5) nor shells(5) takes in a path.</summary>
    private static readonly SearchValues<char> Unquotable = SearchValues.Create("\n\t \"#%");

    private const uint SetGroup = 0x5ed;
    private const uint Readable = 0x1a4;
    private const int MostFindings = 20;

    /// <summary>Checks what there is to check and says what there is to do.</summary>
    /// <param name="configuration">The configuration's file.</param>
    /// <exception cref="LeashException">It cannot be done, or the configuration would not hold.</exception>
    public static SetupPlan Make(SetupRequest request, string configuration)
    {
        CheckUser(request);
        byte[] text = RootFile.Read(configuration, out _)
            ?? throw new LeashException($"{SafeText.Escape(configuration)} is not there");
        CheckConfiguration(configuration, text);
        List<SetupStep> steps = [];
        foreach (string directory in (string[])["/etc/shellguard", LeashStart.SystemDirectory])
        {
            steps.Add(new DirectoryStep(request.At(directory), "where configurations are"));
        }

        steps.Add(new FileStep(
            request.At($"{LeashStart.SystemDirectory}/{request.User}.toml"), text, 0, Readable, "the configuration"));
        byte[] program = RootFile.Read(request.Source, out _)
            ?? throw new LeashException($"{request.Source} is not there", LeashException.OwnFailure);
        steps.Add(new FileStep(
            request.At(request.Program), program, GroupOfNobody(request), SetGroup,
            "the program, setgid so that its loader believes nothing of the caller's")
        {
            IsShared = true,
        });
        if (request.Method == SetupMethod.Shell)
        {
            steps.Add(new LineStep(request.At("/etc/shells"), request.Program, "what a login shell may be"));
        }

        List<string> notes = [];
        AddSsh(request, steps, notes);

        // Last: before it the user gets in as before, and behind it everything that it needs is there.
        if (request.Method == SetupMethod.Shell)
        {
            steps.Add(new ShellStep(request));
        }

        steps.ForEach(step => CheckPlace(request, step));

        notes.Add($"look at other ways in: crontab -l -u {request.User}; sudo -l -U {request.User}; atq; services of that user");
        return new SetupPlan(request, steps, notes);
    }

    private static void CheckPlace(SetupRequest request, SetupStep step)
    {
        if (step is ShellStep)
        {
            return;
        }

        if (new FileInfo(step.Target).LinkTarget is { } target)
        {
            throw new LeashException($"{step.Target} is a link to {SafeText.Escape(target)}; set up what it leads to by hand");
        }

        // A file that is about to be replaced may be whoever's it is now, the way to it may not.
        string place = step is FileStep ? Path.GetDirectoryName(step.Target)! : step.Target;
        if (RootFile.Weakness(place, request.Root) is { } weakness)
        {
            throw new LeashException($"{step.Target} would not be root's alone: {weakness}");
        }
    }

    private static void CheckUser(SetupRequest request)
    {
        if (request.User is "" or ['.' or '@' or '-', ..] || request.User.AsSpan().ContainsAny("/: \n\t"))
        {
            throw new LeashException($"'{SafeText.Escape(request.User)}' is no user's name that could be set up", LeashException.Usage);
        }

        UserEntry? user = UserEntry.Find(request);
        if (user is null && request.Method == SetupMethod.Shell)
        {
            throw new LeashException(
                $"{request.At("/etc/passwd")} has no user {request.User}; of users from elsewhere set the shell there, and use "
                + "--method ssh here", LeashException.Usage);
        }

        if (user?.Uid == 0)
        {
            throw new LeashException($"{request.User} is root, whom nothing holds", LeashException.Usage);
        }

        if (request.Program is not ['/', ..] || request.Program.AsSpan().ContainsAny(Unquotable) || request.Program.Contains("..", StringComparison.Ordinal))
        {
            throw new LeashException("--program is a path from the root without blanks", LeashException.Usage);
        }

        if (!Sessions.LeashArguments.IsLeash(request.Program))
        {
            throw new LeashException("--program must end in /leash or /l8ash: by that name it is nothing else", LeashException.Usage);
        }
    }

    private static void CheckConfiguration(string file, byte[] text)
    {
        ConfigurationResult result = ConfigurationReader.Read(file, text);
        if (result.Configuration is not { } configuration)
        {
            throw new LeashException($"{SafeText.Escape(file)} cannot be used\n{result.Describe().TrimEnd('\n')}");
        }

        List<string> errors = [];
        foreach (LintFinding finding in LeashLint.Check(configuration))
        {
            if (finding.Diagnostic.Severity == Severity.Error)
            {
                errors.Add($"{SafeText.Escape(file)}:{finding.Diagnostic.Line}: {finding.Diagnostic.Message}");
            }
        }

        errors.AddRange(HashList.Drift(configuration));
        if (errors.Count > 0)
        {
            throw new LeashException(
                $"{SafeText.Escape(file)} would not hold; shellguard leash lint says more\n"
                + string.Join('\n', errors.Take(MostFindings)));
        }
    }

    private static void AddSsh(SetupRequest request, List<SetupStep> steps, List<string> notes)
    {
        if (request.Method == SetupMethod.Key)
        {
            notes.Add(
                $"put in front of the key in authorized_keys: restrict,pty,command=\"{request.Program}\" ; who can write that "
                + "file can take it away again, so let it be root's (AuthorizedKeysFile /etc/ssh/authorized_keys/%u)");
            return;
        }

        if (RootFile.Read(request.At(SshSettings.Main), out _) is null)
        {
            if (request.Method == SetupMethod.Ssh)
            {
                throw new LeashException($"{request.At(SshSettings.Main)} is not there: this host has no sshd");
            }

            notes.Add($"{request.At(SshSettings.Main)} is not there: run this again when an sshd is installed");
            return;
        }

        steps.Add(new DirectoryStep(request.At(SshSettings.Directory), "where settings of sshd are"));
        steps.Add(new FileStep(
            request.At(SshSettings.FileOf(request.User)), Encoding.UTF8.GetBytes(SshSettings.Text(request)), 0, Readable,
            "what sshd does for this user"));
        notes.Add("let the running sshd read its settings: systemctl reload ssh");
    }

    private static uint GroupOfNobody(SetupRequest request)
    {
        string groups = Encoding.UTF8.GetString(RootFile.Read(request.At("/etc/group"), out _) ?? []);
        foreach (string name in (string[])["nogroup", "nobody"])
        {
            foreach (string line in groups.Split('\n'))
            {
                if (line.Split(':') is [var found, _, var gid, ..] && found == name && uint.TryParse(gid, out uint number))
                {
                    return number;
                }
            }
        }

        throw new LeashException($"{request.At("/etc/group")} has neither nogroup nor nobody, a group that owns nothing");
    }
}
