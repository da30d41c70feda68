using System.CommandLine;
using ShellGuard.Cells.Sessions;
using ShellGuard.Core;
using ShellGuard.Leash.Configuration;
using ShellGuard.Leash.Locating;
using ShellGuard.Leash.Sessions;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Cli.Support;

/// <summary>Which configuration a tool looks at.</summary>
internal sealed class LeashOptions
{
    private readonly Option<string?> _config = new("--config") { Description = "This configuration", HelpName = "FILE" };
    private readonly Option<string?> _user = new("--as") { Description = "The one that this user gets at a login", HelpName = "USER" };

    public void AddTo(Command verb, bool forUser = true)
    {
        verb.Options.Add(_config);
        if (forUser)
        {
            verb.Options.Add(_user);
        }
    }

    /// <exception cref="SessionException">There is none that can be used.</exception>
    public LeashConfiguration Read(ParseResult parsed)
    {
        try
        {
            LeashStart start = parsed.GetValue(_user) is { } name ? StartOf(name, parsed.GetValue(_config)) : LeashHost.Find(
                new LeashArguments { Configuration = parsed.GetValue(_config) }, Invocation.Variables);
            LocatedConfiguration located = ConfigurationLocator.Locate(start);
            foreach (string notice in located.Notices)
            {
                Terminal.Complain(notice);
            }

            return located.Configuration;
        }
        catch (LeashException refusal)
        {
            // Findings have lines of their own.
            string[] lines = refusal.Message.Split('\n');
            foreach (string line in lines.Skip(1))
            {
                Terminal.Error.WriteLine(SafeText.Message(line));
            }

            throw new SessionException(lines[0], refusal.Status);
        }
    }

    private static LeashStart StartOf(string name, string? file)
    {
        Account user = Accounts.Find(name) ?? throw new SessionException($"the host knows no user {SafeText.Escape(name)}");
        return new LeashStart(
            user, [.. Accounts.GroupsOf(user).Select(Accounts.GroupName).OfType<string>()], new Dictionary<string, string>())
        {
            NamedFile = file,
            IsLoginShell = true,
        };
    }
}
