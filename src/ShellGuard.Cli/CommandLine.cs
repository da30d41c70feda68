using System.CommandLine;
using ShellGuard.Cells.Sessions;
using ShellGuard.Cli.Commands;

namespace ShellGuard.Cli;

/// <summary>The command line as a whole. A verb is a file in Commands.</summary>
public static class CommandLine
{
    /// <summary>Parses, runs, and turns what goes wrong into one line and a status.</summary>
    public static int Run(string[] arguments)
    {
        ParseResult result = Build().Parse(arguments);
        try
        {
            return result.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (SessionException failure)
        {
            Console.Error.WriteLine($"shellguard: {failure.Message}");
            return failure.Status;
        }
    }

    /// <summary>The verbs, in the order of the help.</summary>
    internal static RootCommand Build()
    {
        RootCommand root = new("Gives a shell, a command or a program exactly the authority it needs, and nothing else.");
        root.Subcommands.Add(RunCommand.Create());
        root.Subcommands.Add(ShellCommand.Create());
        root.Subcommands.Add(PlanCommand.Create());
        root.Subcommands.Add(DoctorCommand.Create());
        root.Subcommands.Add(AttackProbeCommand.Create());
        return root;
    }
}
