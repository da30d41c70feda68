using System.Globalization;

namespace ShellGuard.Cells.Verification;

/// <summary>Compares what two runs wrote byte for byte.</summary>
public static class ExactComparison
{
    /// <returns>Where the first difference is, for people; null where there is none.</returns>
    public static string? Difference(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> seen)
    {
        int same = expected.CommonPrefixLength(seen);
        if (same == expected.Length && same == seen.Length)
        {
            return null;
        }

        int line = expected[..same].Count((byte)'\n') + 1;
        string what = same == expected.Length ? "goes on where the expected output ends"
            : same == seen.Length ? "ends before the expected output does"
            : $"is 0x{seen[same]:x2} and not 0x{expected[same]:x2}";
        return string.Create(CultureInfo.InvariantCulture, $"byte {same + 1L:N0}, in line {line:N0}: it {what}");
    }
}
