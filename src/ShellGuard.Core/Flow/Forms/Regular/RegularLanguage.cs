using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace ShellGuard.Core.Flow.Forms.Regular;

/// <summary>The texts that a regular expression matches, as a table: each character costs one look, whatever the text. Each
/// text has one path through it, so that they can be counted.</summary>
internal sealed class RegularLanguage
{
    private const int MostStates = 2_000;

    /// <summary>States of the plan that are looked at while the table is made: a second or so.</summary>
    private const long MostWork = 3_000_000;

    private const int Nowhere = -1;
    private const int Characters = 128;

    private readonly int[] _next;
    private readonly bool[] _accepts;
    private readonly (int To, int Ways)[][] _leads;

    private RegularLanguage(List<int[]> table, List<bool> accepts)
    {
        _accepts = [.. accepts];
        List<int> next = [];
        table.ForEach(next.AddRange);
        _next = [.. next];
        Prune();
        _leads = new (int To, int Ways)[States][];
        for (int state = 0; state < States; state++)
        {
            _leads[state] = Count(_next.AsSpan(state * Characters, Characters));
        }
    }

    public int States => _accepts.Length;

    private bool IsEmpty => !_accepts[0] && _leads[0].Length == 0;

    /// <summary>Reads an expression.</summary>
    /// <param name="problem">What is wrong, in lower case without a full stop.</param>
    public static bool TryParse(
        string text, [NotNullWhen(true)] out RegularLanguage? language, [NotNullWhen(false)] out string? problem)
    {
        language = null;
        if (!RegularSyntax.TryParse(text, out RegularNode? node, out problem))
        {
            return false;
        }

        language = RegularPlan.Of(node) is { } plan ? Determine(plan) : null;
        problem = language is null ? "the expression is too large: make its repetitions smaller"
            : language.IsEmpty ? "the expression matches nothing"
            : null;
        return problem is null;
    }

    /// <summary>Whether the whole text is one of them.</summary>
    public bool Matches(ReadOnlySpan<byte> text)
    {
        int state = 0;
        foreach (byte c in text)
        {
            state = c < Characters ? _next[(state * Characters) + c] : Nowhere;
            if (state == Nowhere)
            {
                return false;
            }
        }

        return _accepts[state];
    }

    /// <summary>How many texts of at most so many characters there are.</summary>
    public BigInteger Count(int longest)
    {
        BigInteger[] counts = new BigInteger[States];
        counts[0] = BigInteger.One;
        BigInteger total = _accepts[0] ? BigInteger.One : BigInteger.Zero;
        for (int length = 1; length <= longest; length++)
        {
            BigInteger[] after = new BigInteger[States];
            for (int state = 0; state < States; state++)
            {
                foreach ((int to, int ways) in counts[state].IsZero ? [] : _leads[state])
                {
                    after[to] += counts[state] * ways;
                    total += _accepts[to] ? counts[state] * ways : BigInteger.Zero;
                }
            }

            counts = after;
        }

        return total;
    }

    /// <summary>The bits of one of all outputs of whole lines, each one of the texts, with line feeds at most so many
    /// characters; or of none. Never less than there are; where the number is beyond what a double counts exactly, perhaps
    /// one more.</summary>
    public long BitsOfLines(int longest)
    {
        double[] counts = new double[States];
        counts[0] = 1;
        double total = 0;
        int exponent = 0;
        for (int length = 1; length <= longest; length++)
        {
            double[] after = new double[States];
            double largest = total;
            for (int state = 0; state < States; state++)
            {
                if (counts[state] == 0)
                {
                    continue;
                }

                foreach ((int to, int ways) in _leads[state])
                {
                    after[to] += counts[state] * ways;
                    largest = Math.Max(largest, after[to]);
                }

                if (_accepts[state])
                {
                    total += counts[state];
                    after[0] += counts[state];
                    largest = Math.Max(largest, after[0]);
                }
            }

            counts = after;
            if (largest > Math.ScaleB(1, 400))
            {
                exponent += 400;
                total = Math.ScaleB(total, -400);
                for (int state = 0; state < States; state++)
                {
                    counts[state] = Math.ScaleB(counts[state], -400);
                }
            }
        }

        return exponent == 0 && total < Math.ScaleB(1, 53)
            ? new BigInteger(total).GetBitLength()
            : (long)Math.Floor(Math.Log2(total) + exponent + 1e-6) + 1;
    }

    private static RegularLanguage? Determine(RegularPlan plan)
    {
        int[] classes = ClassesOf(plan);
        int[] start = plan.Closure([plan.Start]);
        Dictionary<string, int> known = new(StringComparer.Ordinal) { [Key(start)] = 0 };
        List<int[]> sets = [start];
        List<int[]> table = [];
        long work = 0;
        for (int i = 0; i < sets.Count; i++)
        {
            int[] row = new int[Characters];
            Array.Fill(row, Nowhere);
            Dictionary<int, int> byClass = [];
            for (int c = RegularSyntax.First; c <= RegularSyntax.Last; c++)
            {
                if (!byClass.TryGetValue(classes[c], out int to))
                {
                    int[] next = plan.Closure(plan.Step(sets[i], c));
                    work += sets[i].Length + next.Length;
                    to = next.Length == 0 ? Nowhere : known.GetValueOrDefault(Key(next), sets.Count);
                    if (to == sets.Count)
                    {
                        known.Add(Key(next), to);
                        sets.Add(next);
                    }

                    byClass.Add(classes[c], to);
                }

                row[c] = to;
            }

            table.Add(row);
            if (sets.Count > MostStates || work > MostWork)
            {
                return null;
            }
        }

        return new RegularLanguage(table, sets.ConvertAll(set => set.Contains(plan.End)));
    }

    /// <summary>Where characters lead, and how many of them.</summary>
    private static (int To, int Ways)[] Count(ReadOnlySpan<int> leads)
    {
        SortedDictionary<int, int> ways = [];
        foreach (int to in leads)
        {
            if (to != Nowhere)
            {
                ways[to] = ways.GetValueOrDefault(to) + 1;
            }
        }

        (int To, int Ways)[] counted = new (int To, int Ways)[ways.Count];
        int place = 0;
        foreach ((int to, int count) in ways)
        {
            counted[place++] = (to, count);
        }

        return counted;
    }

    private static string Key(int[] set) => string.Create(set.Length * 2, set, static (text, states) =>
    {
        for (int i = 0; i < states.Length; i++)
        {
            text[i * 2] = (char)(states[i] & 0xffff);
            text[(i * 2) + 1] = (char)(states[i] >> 16);
        }
    });

    /// <summary>Characters that no set of the expression tells apart.</summary>
    private static int[] ClassesOf(RegularPlan plan)
    {
        int[] classes = new int[Characters];
        foreach (UInt128 set in plan.Sets)
        {
            Dictionary<(int, bool), int> split = [];
            for (int c = 0; c < Characters; c++)
            {
                (int, bool) side = (classes[c], (set >> c & UInt128.One) != UInt128.Zero);
                split.TryAdd(side, split.Count);
                classes[c] = split[side];
            }

        }

        return classes;
    }

    /// <summary>Takes away what leads nowhere, so that only texts that match are counted.</summary>
    private void Prune()
    {
        bool[] lives = [.. _accepts];
        bool changed = true;
        while (changed)
        {
            changed = false;
            for (int state = States - 1; state >= 0; state--)
            {
                if (!lives[state] && _next.AsSpan(state * Characters, Characters).ToArray().Any(to => to != Nowhere && lives[to]))
                {
                    lives[state] = true;
                    changed = true;
                }
            }
        }

        for (int i = 0; i < _next.Length; i++)
        {
            _next[i] = _next[i] != Nowhere && lives[_next[i]] ? _next[i] : Nowhere;
        }
    }
}
