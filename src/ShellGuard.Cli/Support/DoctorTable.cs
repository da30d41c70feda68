using ShellGuard.Cells.Hosting;
using ShellGuard.Cells.Hosting.Attacks;

namespace ShellGuard.Cli.Support;

/// <summary>What <c>doctor</c> prints for people.</summary>
internal static class DoctorTable
{
    public static void Print(IReadOnlyList<Guarantee> guarantees, IReadOnlyList<AttackOutcome>? attacks)
    {
        int width = guarantees.Max(guarantee => guarantee.Name.Length);
        foreach (Guarantee guarantee in guarantees)
        {
            Console.WriteLine(
                $"{DoctorJson.Word(guarantee.State),-8}  {guarantee.Name.PadRight(width)}  {guarantee.How}");
            if (guarantee.WayOn is not null)
            {
                Console.WriteLine($"{"",-8}  {"".PadRight(width)}  -> {guarantee.WayOn}");
            }
        }

        if (attacks is null)
        {
            return;
        }

        Console.WriteLine();
        width = attacks.Max(attack => attack.Tried.Length);
        foreach (AttackOutcome attack in attacks)
        {
            Console.WriteLine($"{(attack.IsHeld ? "held" : "NOT HELD"),-8}  {attack.Tried.PadRight(width)}  "
                + $"expected: {attack.Expected}; got: {attack.Got}");
        }

        Console.WriteLine($"{attacks.Count(attack => attack.IsHeld)} of {attacks.Count} attacks held");
    }
}
