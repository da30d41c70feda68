using System.Globalization;
using System.Text;
using ShellGuard.Linux.Abi;

namespace ShellGuard.Linux.Seccomp;

/// <summary>Prints filters and tables for people.</summary>
public static class FilterPrinter
{
    /// <summary>The program, one instruction a line: its address, what it does and, where it compares system call
    /// numbers or loads an argument, a comment.</summary>
    public static string PrintProgram(FilterProgram program)
    {
        var text = new StringBuilder();
        bool numberLoaded = false;
        for (int at = 0; at < program.Instructions.Length; at++)
        {
            sock_filter instruction = program.Instructions[at];
            (string operation, string comment) = Describe(instruction, at, numberLoaded);
            text.Append(CultureInfo.InvariantCulture, $"{at,4}  ");
            text.Append(comment.Length == 0 ? operation : $"{operation,-44}; {comment}").Append('\n');

            // Code after a return is reached by a jump from the tree, where the number is loaded.
            numberLoaded = instruction.code switch
            {
                FilterCode.LoadCode => instruction.k == FilterCode.NumberOffset,
                FilterCode.ReturnCode => InTree(program, at + 1),
                _ => numberLoaded,
            };
        }

        return text.ToString();
    }

    /// <summary>The table, one call a line: number, name, what happens, what holds it and why; rules about arguments
    /// follow, indented.</summary>
    public static string PrintTable(SystemCallTable table)
    {
        var text = new StringBuilder();
        foreach (SystemCallLine line in table.Lines)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"{(int)line.Call,4} {line.Call,-24} {line.Otherwise,-18} {line.HeldBy,-16} {line.Reason}\n");
            foreach (ArgumentRule rule in line.Rules)
            {
                string tests = string.Join(" and ", rule.Tests);
                text.Append(CultureInfo.InvariantCulture, $"     - {rule.Outcome} when {tests}: {rule.Meaning}\n");
            }
        }

        text.Append(CultureInfo.InvariantCulture, $"   - other numbers: {SystemCallTable.Unknown}\n");
        text.Append(CultureInfo.InvariantCulture, $"   - x32: {SystemCallTable.X32}\n");
        text.Append(CultureInfo.InvariantCulture, $"   - other architectures: {SystemCallTable.ForeignArchitecture}\n");
        return text.ToString();
    }

    private static (string Operation, string Comment) Describe(sock_filter instruction, int at, bool numberLoaded) =>
        instruction.code switch
        {
            FilterCode.LoadCode => ($"load [{instruction.k}]", NameOfWord(instruction.k)),
            FilterCode.AndCode => ($"and 0x{instruction.k:x}", ""),
            FilterCode.AlwaysCode => ($"goto {at + 1 + instruction.k}", ""),
            FilterCode.EqualCode => (Branch("==", instruction, at), ""),
            FilterCode.GreaterOrEqualCode => (
                Branch(">=", instruction, at),
                numberLoaded ? NameOfNumber(instruction.k) : ""),
            _ => ($"return 0x{instruction.k:x8}", NameOfReturn(instruction.k)),
        };

    private static string Branch(string comparison, sock_filter instruction, int at) =>
        $"if {comparison} 0x{instruction.k:x} goto {at + 1 + instruction.jt} else {at + 1 + instruction.jf}";

    private static string NameOfWord(uint offset)
    {
        switch (offset)
        {
            case FilterCode.NumberOffset:
                return "number";
            case FilterCode.ArchitectureOffset:
                return "architecture";
            default:
                uint word = (offset - FilterCode.ArgumentOffset(0)) / sizeof(uint);
                return $"arg{word / 2}, {(word % 2 == 0 ? "low" : "upper")} half";
        }
    }

    private static string NameOfNumber(uint number) => number switch
    {
        FilterCompiler.FirstX32Number => "x32",
        FilterCompiler.FirstNegativeNumber => "negative",
        _ when Enum.IsDefined((SystemCall)number) => $"{(SystemCall)number} and above",
        _ => "beyond the known numbers",
    };

    private static string NameOfReturn(uint value) => (SECCOMP_RET)value switch
    {
        SECCOMP_RET.ALLOW => "pass",
        SECCOMP_RET.USER_NOTIF => "mediate",
        SECCOMP_RET.KILL_PROCESS => "kill",
        _ => $"deny {(Errno)(value & (uint)SECCOMP_RET.DATA)}",
    };

    /// <summary>Whether the instruction is one of the tree, which compares the number by order; rules about
    /// arguments compare by equality only.</summary>
    private static bool InTree(FilterProgram program, int at) =>
        at < program.Instructions.Length && program.Instructions[at].code == FilterCode.GreaterOrEqualCode;
}
