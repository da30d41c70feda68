using System.CommandLine;
using ShellGuard.Cells.Sessions;
using ShellGuard.Cli.Support;
using ShellGuard.Core;
using ShellGuard.Leash.Locating;
using ShellGuard.Leash.Setup;

namespace ShellGuard.Cli.Commands;

/// <summary><c>shellguard leash install</c>.</summary>
internal static class LeashInstallCommand
{
    public static Command Create()
    {
        Argument<string> user = new("user") { Description = "Who is to be held" };
        Option<string?> config = new("--config") { Description = "The configuration, which is copied", HelpName = "FILE" };
        Option<string> method = new("--method")
        {
            Description = "shell: login shell and ssh; ssh: ForceCommand only; key: one key",
            HelpName = "WAY",
            DefaultValueFactory = _ => "shell",
        };
        method.AcceptOnlyFromAmong("shell", "ssh", "key");
        Option<bool> apply = new("--apply") { Description = "Do it" };
        Option<bool> undo = new("--undo") { Description = "Take back what was done for this user" };
        Option<string> root = new("--root")
        {
            Description = "A directory that stands for the root",
            HelpName = "DIR",
            DefaultValueFactory = _ => "/",
        };
        Option<string> program = new("--program")
        {
            Description = "Where the leash's program is to be",
            HelpName = "PATH",
            DefaultValueFactory = _ => SetupRequest.DefaultProgram,
        };
        Verb verb = new("install", "Make the leash what a user gets")
        {
            Operands = "USER",
            Details =
            [
                "Says what it would do, and does it with --apply: the configuration as /etc/shellguard/leash.d/USER.toml, a "
                + "program of its own, /etc/shells, the login shell, and what sshd does for this user, checked with sshd -t "
                + "and sshd -T. A configuration whose lint has errors, or whose hashes do not hold, is refused. What is done "
                + "already is left as it is. --undo takes everything back.",
            ],
            Examples =
            [
                new("shellguard leash install backup --config ops.toml", "what would be done"),
                new("shellguard leash install backup --config ops.toml --apply", "it is done"),
                new("shellguard leash install backup --undo", "as it was before"),
            ],
        };
        verb.Arguments.Add(user);
        foreach (Option option in (Option[])[config, method, apply, undo, root, program])
        {
            verb.Options.Add(option);
        }

        verb.SetAction(parsed =>
        {
            SetupRequest request = new(
                parsed.GetRequiredValue(user),
                parsed.GetValue(method) switch { "ssh" => SetupMethod.Ssh, "key" => SetupMethod.Key, _ => SetupMethod.Shell })
            {
                Root = Path.GetFullPath(parsed.GetValue(root)!).TrimEnd('/'),
                Program = parsed.GetValue(program)!,
            };
            try
            {
                return parsed.GetValue(undo) ? Undo(request) : Install(request, parsed.GetValue(config), parsed.GetValue(apply));
            }
            catch (LeashException refusal)
            {
                string[] lines = refusal.Message.Split('\n');
                foreach (string line in lines.Skip(1))
                {
                    Terminal.Error.WriteLine(SafeText.Message(line));
                }

                throw new SessionException(lines[0], refusal.Status);
            }
        });
        return verb;
    }

    private static int Install(SetupRequest request, string? config, bool apply)
    {
        SetupPlan plan = SetupPlan.Make(
            request, config is null
                ? throw new SessionException("--config FILE says what the user may run", LeashException.Usage)
                : Path.GetFullPath(config));
        IReadOnlyList<string> done = [];
        foreach (SetupStep step in plan.Steps)
        {
            Terminal.Out.WriteLine($"  {(step.IsDone ? "done " : "to do")}  {SafeText.Message(step.Text)}: {step.Purpose}");
        }

        if (apply)
        {
            done = SetupRunner.Apply(plan);
        }

        foreach (string note in plan.Notes)
        {
            Terminal.Out.WriteLine($"  you    {SafeText.Message(note)}");
        }

        bool nothing = plan.Steps.All(step => step.IsDone);
        Terminal.Out.WriteLine(
            apply && done.Count == 0 ? "everything was done already"
            : apply ? $"done; shellguard leash install {request.User} --undo takes it back"
            : nothing ? "nothing to do" : "nothing was changed; --apply does it");
        return 0;
    }

    private static int Undo(SetupRequest request)
    {
        IReadOnlyList<string> undone = SetupRunner.Undo(request);
        foreach (string line in undone)
        {
            Terminal.Out.WriteLine($"  {SafeText.Message(line)}");
        }

        Terminal.Out.WriteLine(undone.Count == 0 ? "nothing was set up for this user" : "taken back");
        return 0;
    }
}
