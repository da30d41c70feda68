namespace ShellGuard.Policy.Diagnostics;

/// <summary>Finds what was probably meant.</summary>
public static class NearestName
{
    /// <summary>The known name with the smallest edit distance, or null when none is near enough (a third of the
    /// length, at least two edits).</summary>
    public static string? Find(string written, IEnumerable<string> known)
    {
        if (written.Length > 64)
        {
            return null;
        }

        string normal = written.ToLowerInvariant().Replace('_', '-');
        string? best = null;
        int bestDistance = Math.Max(2, written.Length / 3) + 1;
        foreach (string name in known)
        {
            int distance = Distance(normal, name);
            if (distance < bestDistance && distance < name.Length)
            {
                best = name;
                bestDistance = distance;
            }
        }

        return best;
    }

    /// <summary>Edits (insert, delete, replace, swap of neighbours) between two short strings.</summary>
    internal static int Distance(string a, string b)
    {
        int[,] cost = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            cost[i, 0] = i;
        }

        for (int j = 0; j <= b.Length; j++)
        {
            cost[0, j] = j;
        }

        for (int i = 1; i <= a.Length; i++)
        {
            for (int j = 1; j <= b.Length; j++)
            {
                int replaced = cost[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                cost[i, j] = Math.Min(replaced, Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    cost[i, j] = Math.Min(cost[i, j], cost[i - 2, j - 2] + 1);
                }
            }
        }

        return cost[a.Length, b.Length];
    }
}
