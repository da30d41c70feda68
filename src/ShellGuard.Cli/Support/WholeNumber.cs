using System.CommandLine.Parsing;
using System.Globalization;

namespace ShellGuard.Cli.Support;

/// <summary>The number that was given to an option.</summary>
internal static class WholeNumber
{
    /// <summary>Reads it, or says what the option takes.</summary>
    /// <param name="takes">What the option takes, for people.</param>
    public static int Of(ArgumentResult result, string takes, Func<int, bool> isTaken)
    {
        string word = result.Tokens is [{ } token, ..] ? token.Value : "";
        if (!int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || !isTaken(number))
        {
            result.AddError($"{(result.Parent as OptionResult)?.Option.Name} takes {takes}, not '{word}'");
        }

        return number;
    }

    /// <summary>Reads it where the option takes all numbers between two.</summary>
    public static int Of(ArgumentResult result, int least, int most) => Of(
        result, string.Create(CultureInfo.InvariantCulture, $"a number from {least} to {most}"), number => number >= least && number <= most);
}
