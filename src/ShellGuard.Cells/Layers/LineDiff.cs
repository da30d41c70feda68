namespace ShellGuard.Cells.Layers;

/// <summary>The shortest way from one list of lines to another, by Myers's greedy algorithm. Beyond a number of
/// differences that no reader wants to see, the whole middle counts as replaced.</summary>
internal static class LineDiff
{
    private const int MaximumDifferences = 2000;

    /// <summary>Whether each line is kept; the kept lines of both are the same in number and order.</summary>
    internal static (bool[] Old, bool[] New) Kept(int[] before, int[] after)
    {
        bool[] oldKept = new bool[before.Length];
        bool[] newKept = new bool[after.Length];
        int start = 0;
        while (start < before.Length && start < after.Length && before[start] == after[start])
        {
            oldKept[start] = newKept[start] = true;
            start++;
        }

        int oldEnd = before.Length;
        int newEnd = after.Length;
        while (oldEnd > start && newEnd > start && before[oldEnd - 1] == after[newEnd - 1])
        {
            oldKept[--oldEnd] = newKept[--newEnd] = true;
        }

        Middle(
            before.AsSpan(start, oldEnd - start),
            after.AsSpan(start, newEnd - start),
            oldKept.AsSpan(start),
            newKept.AsSpan(start));
        return (oldKept, newKept);
    }

    private static void Middle(
        ReadOnlySpan<int> before, ReadOnlySpan<int> after, Span<bool> oldKept, Span<bool> newKept)
    {
        if (before.IsEmpty || after.IsEmpty)
        {
            return;
        }

        int limit = Math.Min(before.Length + after.Length, MaximumDifferences);
        int[] furthest = new int[(2 * limit) + 3];
        int centre = limit + 1;
        List<int[]> history = [];
        for (int differences = 0; differences <= limit; differences++)
        {
            for (int diagonal = -differences; diagonal <= differences; diagonal += 2)
            {
                bool isDown = diagonal == -differences
                    || (diagonal != differences
                        && furthest[centre + diagonal - 1] < furthest[centre + diagonal + 1]);
                int x = isDown ? furthest[centre + diagonal + 1] : furthest[centre + diagonal - 1] + 1;
                int y = x - diagonal;
                while (x < before.Length && y < after.Length && x >= 0 && y >= 0 && before[x] == after[y])
                {
                    x++;
                    y++;
                }

                furthest[centre + diagonal] = x;
                if (x >= before.Length && y >= after.Length)
                {
                    Trace(history, differences, before.Length, after.Length, oldKept, newKept);
                    return;
                }
            }

            history.Add(furthest.AsSpan(centre - differences - 1, (2 * differences) + 3).ToArray());
        }
    }

    // history[d] has the furthest x on the diagonals -d-1 to d+1 after d differences.
    private static void Trace(
        List<int[]> history, int differences, int x, int y, Span<bool> oldKept, Span<bool> newKept)
    {
        for (int d = differences; d > 0; d--)
        {
            int[] previous = history[d - 1];
            int At(int k) => previous[k + d];
            int diagonal = x - y;
            bool isDown = diagonal == -d || (diagonal != d && At(diagonal - 1) < At(diagonal + 1));
            int from = isDown ? diagonal + 1 : diagonal - 1;
            int fromX = At(from);
            int fromY = fromX - from;
            int runX = isDown ? fromX : fromX + 1;
            while (x > runX)
            {
                oldKept[--x] = newKept[--y] = true;
            }

            x = fromX;
            y = fromY;
        }

        while (x > 0)
        {
            oldKept[--x] = newKept[--y] = true;
        }
    }
}
