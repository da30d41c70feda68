using System.Globalization;
using System.Text;
using Xunit;

namespace ShellGuard.Linux.Tests.Abi;

/// <summary>A C program that prints the values of expressions. A translation unit per set of headers, because some
/// headers cannot be included together.</summary>
internal static class AbiProgram
{
    private const string Unknown = "unknown";

    /// <summary>Asks C.</summary>
    /// <returns>What C says, in the order of the facts; null where the headers do not know it.</returns>
    internal static IReadOnlyList<ulong?> Ask(IReadOnlyList<AbiFact> facts)
    {
        var numbered = facts.Select((fact, index) => (Fact: fact, Index: index));
        List<string> units = [];
        var main = new StringBuilder("int main(void) {\n");
        foreach (var unit in numbered.GroupBy(item => string.Join(' ', item.Fact.Headers), StringComparer.Ordinal))
        {
            string function = $"unit{units.Count}";
            units.Add(Unit(function, unit.First().Fact.Headers, unit));
            main.Append(CultureInfo.InvariantCulture, $"  extern void {function}(void); {function}();\n");
        }

        units.Add(main.Append("  return 0;\n}\n").ToString());
        (int status, string output, string errors) = CCompiler.Run(CCompiler.Compile(units));
        Assert.True(status == 0, errors);

        var values = new ulong?[facts.Count];
        foreach (string line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] words = line.Split(' ');
            values[int.Parse(words[0])] = words[1] == Unknown ? null : ulong.Parse(words[1]);
        }

        return values;
    }

    private static string Unit(
        string function,
        IReadOnlyList<string> headers,
        IEnumerable<(AbiFact Fact, int Index)> facts)
    {
        var text = new StringBuilder("#define _GNU_SOURCE\n#include <stddef.h>\n#include <stdio.h>\n");
        foreach (string header in headers)
        {
            text.Append(CultureInfo.InvariantCulture, $"#include <{header}>\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"void {function}(void) {{\n");
        foreach ((AbiFact fact, int index) in facts)
        {
            string print = $"  printf(\"{index} %lu\\n\", (unsigned long)({fact.Expression}));\n";
            text.Append(fact.Guard is null
                ? print
                : $"#ifdef {fact.Guard}\n{print}#else\n  puts(\"{index} {Unknown}\");\n#endif\n");
        }

        return text.Append("}\n").ToString();
    }
}
