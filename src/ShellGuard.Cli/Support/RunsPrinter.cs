using System.Globalization;
using ShellGuard.Audit.Import;
using ShellGuard.Audit.Model;
using ShellGuard.Core;

namespace ShellGuard.Cli.Support;

/// <summary>Prints in how many runs accesses were seen.</summary>
internal static class RunsPrinter
{
    public static void Print(ImportResult merged, string stored)
    {
        int[] seen = new int[merged.Runs.Count + 1];
        foreach (SeenAccess access in merged.Accesses)
        {
            seen[access.Runs.Count]++;
        }

        Terminal.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{merged.Runs.Count} runs, {merged.Accesses.Count:N0} distinct accesses, coverage {KebabCase.Of(merged.Coverage.State.ToString())}"));
        for (int runs = merged.Runs.Count; runs > 0; runs--)
        {
            if (seen[runs] > 0)
            {
                Terminal.Out.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"{seen[runs],10:N0}  in {runs} of {merged.Runs.Count}"));
            }
        }

        Terminal.Out.WriteLine($"all of it is in {SafeText.Message(stored)}");
    }
}
