using System.Text.Json;
using ShellGuard.Core;
using ShellGuard.Core.Events;

namespace ShellGuard.Journal.Format;

/// <summary>The names that stand beside the frozen numbers, for people and for jq; readers go by the numbers.</summary>
internal static class EventNames
{
    private static readonly JsonEncodedText[] Kinds = Encode<EventKind>();
    private static readonly JsonEncodedText[] Operations = Encode<Operation>();
    private static readonly JsonEncodedText[] Decisions = Encode<Decision>();
    private static readonly JsonEncodedText[] FlowOperations = Encode<FlowOperationKind>();

    public static JsonEncodedText Of(EventKind kind) => At(Kinds, (int)kind);

    public static JsonEncodedText Of(Operation operation) => At(Operations, (int)operation);

    public static JsonEncodedText Of(FlowOperationKind operation) => At(FlowOperations, (int)operation);

    public static JsonEncodedText Of(Decision decision) => At(Decisions, (int)decision);

    /// <summary><c>SessionStart</c> becomes <c>session-start</c>.</summary>
    public static string Kebab(string name) => KebabCase.Of(name);

    private static JsonEncodedText At(JsonEncodedText[] names, int number) =>
        (uint)number < (uint)names.Length ? names[number] : default;

    private static JsonEncodedText[] Encode<T>()
        where T : struct, Enum
    {
        T[] values = Enum.GetValues<T>();
        JsonEncodedText[] names = new JsonEncodedText[values.Max(value => Convert.ToInt32(value, null)) + 1];
        foreach (T value in values)
        {
            names[Convert.ToInt32(value, null)] = JsonEncodedText.Encode(Kebab(value.ToString()));
        }

        return names;
    }
}
