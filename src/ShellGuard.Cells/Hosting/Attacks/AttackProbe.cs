using ShellGuard.Linux;

namespace ShellGuard.Cells.Hosting.Attacks;

/// <summary>The attacker: runs inside the cell and tries everything. One line before each attempt and one after it, so
/// that an attempt that ends the attacker is known.</summary>
public static class AttackProbe
{
    internal const string Trying = "trying";
    internal const string Answer = "answer";

    /// <summary>Tries every attack.</summary>
    /// <param name="targets">What to aim at.</param>
    /// <param name="report">Flushed after each line.</param>
    public static void Run(AttackTargets targets, TextWriter report)
    {
        foreach (Attack attack in AttackCatalog.All)
        {
            report.WriteLine($"{Trying}\t{attack.Name}");
            report.Flush();
            LinuxResult result = attack.Try(targets);
            report.WriteLine($"{Answer}\t{attack.Name}\t{(int)result.Error}");
            report.Flush();
        }
    }
}
