using System.Text.Json;
using ShellGuard.Cells.Hosting.Attacks;

namespace ShellGuard.Cells.Hosting;

/// <summary>What <c>doctor --json</c> prints.</summary>
public static class DoctorJson
{
    /// <summary>Writes guarantees and, where attacks were tried, their outcomes.</summary>
    /// <param name="attacks">Null where none were tried.</param>
    public static void Write(
        Utf8JsonWriter json, IReadOnlyList<Guarantee> guarantees, IReadOnlyList<AttackOutcome>? attacks)
    {
        json.WriteStartObject();
        json.WriteStartArray("guarantees");
        foreach (Guarantee guarantee in guarantees)
        {
            json.WriteStartObject();
            json.WriteString("guarantee", guarantee.Name);
            json.WriteString("state", Word(guarantee.State));
            json.WriteString("how", guarantee.How);
            json.WriteString("do", guarantee.WayOn);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (attacks is not null)
        {
            json.WriteStartArray("attacks");
            foreach (AttackOutcome attack in attacks)
            {
                json.WriteStartObject();
                json.WriteString("attack", attack.Name);
                json.WriteString("tried", attack.Tried);
                json.WriteString("expected", attack.Expected);
                json.WriteString("got", attack.Got);
                json.WriteBoolean("held", attack.IsHeld);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    /// <summary>A state in the words of the table.</summary>
    public static string Word(GuaranteeState state) => state switch
    {
        GuaranteeState.Held => "held",
        GuaranteeState.Partly => "partly",
        _ => "not held",
    };
}
