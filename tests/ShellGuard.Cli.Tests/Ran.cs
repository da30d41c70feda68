using ShellGuard.Cli.Support;

namespace ShellGuard.Cli.Tests;

/// <summary>A command line that was run inside the test, with what it wrote.</summary>
internal sealed record Ran(int Status, string Output, string Error)
{
    public static Ran Line(params string[] arguments)
    {
        (TextWriter output, TextWriter error) = (Terminal.Out, Terminal.Error);
        using StringWriter newOutput = new();
        using StringWriter newError = new();
        try
        {
            (Terminal.Out, Terminal.Error) = (newOutput, newError);
            int status = CommandLine.Run(arguments);
            return new Ran(status, newOutput.ToString(), newError.ToString());
        }
        finally
        {
            (Terminal.Out, Terminal.Error) = (output, error);
        }
    }
}
