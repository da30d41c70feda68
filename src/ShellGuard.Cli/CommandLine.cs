using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using ShellGuard.Cells.Sessions;
using ShellGuard.Cli.Commands;
using ShellGuard.Cli.Help;
using ShellGuard.Cli.Support;

namespace ShellGuard.Cli;

/// <summary>The command line as a whole. A verb is a file in Commands.</summary>
public static class CommandLine
{
    /// <summary>As a shell reports a program that SIGPIPE ended.</summary>
    private const int ReaderGone = 128 + 13;

    /// <summary>Parses, runs, and turns what goes wrong into one line and a status.</summary>
    public static int Run(string[] arguments)
    {
        try
        {
            ParseResult result = Parse(arguments);
            if (result.Errors.Count > 0 && result.Action is not (HelpAction or HelpPrinter))
            {
                Terminal.Complain(ParseProblem.Describe(result));
                return SessionException.OwnFailure;
            }

            if (result.CommandResult.Command is Verb { NeedsHashes: true } && result.Action is not HelpPrinter)
            {
                Cryptography.Require();
            }

            int status = result.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
            Terminal.Out.Flush();
            return status;
        }
        catch (OutputException failure)
        {
            if (!failure.IsReaderGone)
            {
                Terminal.Complain(failure.Message);
            }

            return failure.IsReaderGone ? ReaderGone : SessionException.OwnFailure;
        }
        catch (SessionException failure)
        {
            Terminal.Complain(failure.Message);
            return failure.Status;
        }
        catch (StorageException failure)
        {
            Terminal.Complain(failure.Message);
            return SessionException.OwnFailure;
        }
        catch (Exception failure)
        {
            // A bug. Whatever it was, nothing goes on unguarded, and the person gets a line and not a stack trace.
            Terminal.Complain($"failed inside, which should not happen: {failure.GetType().Name}: {failure.Message}");
            return SessionException.OwnFailure;
        }
    }

    internal static ParseResult Parse(string[] arguments)
    {
        RootCommand root = Build();
        return root.Parse(CommandTail.Separate(root, arguments), new ParserConfiguration
        {
            // What follows a verb belongs to the command that is to run: curl -d @file means curl's own file.
            ResponseFileTokenReplacer = null,
            EnablePosixBundling = false,
        });
    }

    /// <summary>The verbs, in the order of the help.</summary>
    internal static RootCommand Build()
    {
        RootCommand root = new("Gives a shell, a command or a program exactly the authority it needs, and nothing else.");
        root.Directives.Clear();
        root.Subcommands.Add(RunCommand.Create());
        root.Subcommands.Add(ShellCommand.Create());
        root.Subcommands.Add(PlanCommand.Create());
        root.Subcommands.Add(DiffCommand.Create());
        root.Subcommands.Add(CommitCommand.Create());
        root.Subcommands.Add(DiscardCommand.Create());
        root.Subcommands.Add(SessionsCommand.Create());
        root.Subcommands.Add(LogCommand.Create());
        root.Subcommands.Add(WhyCommand.Create());
        root.Subcommands.Add(ReplayCommand.Create());
        root.Subcommands.Add(TraceCommand.Create());
        root.Subcommands.Add(ImportCommand.Create());
        root.Subcommands.Add(AuditCommand.Create());
        root.Subcommands.Add(ReportCommand.Create());
        root.Subcommands.Add(LearnCommand.Create());
        root.Subcommands.Add(VerifyCommand.Create());
        root.Subcommands.Add(ExportCommand.Create());
        root.Subcommands.Add(PolicyCommand.Create());
        root.Subcommands.Add(CanCommand.Create());
        root.Subcommands.Add(CellsCommand.Create());
        root.Subcommands.Add(FlowCommand.Create());
        root.Subcommands.Add(ApprovalsCommand.Create());
        root.Subcommands.Add(LeashCommand.Create());
        root.Subcommands.Add(DoctorCommand.Create());
        root.Subcommands.Add(AttackProbeCommand.Create());
        root.Subcommands.Add(LeashCellCommand.Create());
        root.Subcommands.Add(CompletionCommand.Create(root));
        root.Subcommands.Add(ManCommand.Create(root));
        root.SetAction(_ =>
        {
            Terminal.Out.Write(HelpText.Short(root));
            return SessionException.OwnFailure;
        });
        foreach (Option option in root.Options)
        {
            option.Action = option switch
            {
                HelpOption => new HelpPrinter(),
                VersionOption => new VersionPrinter(),
                _ => option.Action,
            };
        }

        return root;
    }

    private sealed class HelpPrinter : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            Terminal.Out.Write(HelpText.Of(parseResult.CommandResult.Command));
            return 0;
        }
    }

    private sealed class VersionPrinter : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            Terminal.Out.WriteLine($"shellguard {Invocation.Version}");
            return 0;
        }
    }
}
