namespace Aspire.Hosting.ApplicationModel;

/// <summary>One line of a resource's log, counted from 1. The text starts with the time.</summary>
public readonly record struct LogLine(int LineNumber, string Content, bool IsErrorMessage);
