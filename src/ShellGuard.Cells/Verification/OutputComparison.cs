using System.Text;

namespace ShellGuard.Cells.Verification;

/// <summary>Compares what two runs wrote, without what differs from run to run: numbers and temporary names.</summary>
/// <param name="Missing">Lines that only the expected output has, as normalised.</param>
/// <param name="Added">Lines that only the new output has.</param>
public sealed record OutputComparison(IReadOnlyList<string> Missing, IReadOnlyList<string> Added)
{
    public bool IsSame => Missing.Count == 0 && Added.Count == 0;

    public static OutputComparison Of(byte[] expected, byte[] seen)
    {
        Dictionary<string, int> balance = new(StringComparer.Ordinal);
        Count(expected, balance, -1);
        Count(seen, balance, 1);
        List<string> missing = [], added = [];
        foreach (string line in balance.Keys.Order(StringComparer.Ordinal))
        {
            (balance[line] < 0 ? missing : added).AddRange(Enumerable.Repeat(line, Math.Abs(balance[line])));
        }

        return new OutputComparison(missing, added);
    }

    /// <summary>One line as it is compared: each run of digits is one, and so is what stands behind the dot of a temporary
    /// name.</summary>
    public static string Normalise(string line)
    {
        StringBuilder text = new(line.Length);
        bool inTemporary = false;
        for (int index = 0; index < line.Length; index++)
        {
            if (char.IsAsciiDigit(line[index]))
            {
                while (index + 1 < line.Length && (char.IsAsciiDigit(line[index + 1]) || line[index + 1] is ',' or '.' or ':'))
                {
                    index++;
                }

                text.Append('#');
            }
            else
            {
                text.Append(line[index]);
            }

            inTemporary = line[index] != ' '
                && (inTemporary || (line[index] == '/' && line.AsSpan(0, index + 1).EndsWith("/tmp/", StringComparison.Ordinal)));

            // mktemp's names: /tmp/NAME.XXXXXXXXXX
            if (line[index] == '.' && inTemporary)
            {
                int end = index + 1;
                while (end < line.Length && char.IsAsciiLetterOrDigit(line[end]))
                {
                    end++;
                }

                if (end - index > 6)
                {
                    text.Append('*');
                    index = end - 1;
                }
            }
        }

        return text.ToString().TrimEnd();
    }

    private static void Count(byte[] output, Dictionary<string, int> balance, int by)
    {
        foreach (string line in Encoding.UTF8.GetString(output).Split('\n'))
        {
            string normal = Normalise(line);
            if (normal.Length > 0)
            {
                balance[normal] = balance.GetValueOrDefault(normal) + by;
            }
        }
    }
}
