//! Why a rule is refused, and what of one should be mended: all reasons, by code.

use serde::{Deserialize, Serialize};

model::reasons! {
    /// Why a document of a rule file was refused, or what a careful author would mend in it.
    #[derive(Serialize, Deserialize)]
    pub enum Cause {
        // The file; told by whoever reads it.
        FileUnreadable { error: String } = "file-unreadable": "the file cannot be read: {error}",
        FileNotText = "file-not-text": "the file is not UTF-8 text",
        ProgramFault { panic: String } = "program-fault":
            "the file cannot be loaded by a fault of this program: {panic}",

        // The document.
        YamlInvalid { error: String, line: u64, column: u64 } = "yaml-invalid":
            "not valid YAML: {error} (line {line}, column {column})",
        DocumentNotMap = "document-not-map": "the document is not a map of rule keys",
        TitleMissing = "title-missing": "the rule has no title",
        TitleNotText = "title-not-text": "the title is not a text",
        LogsourceMissing = "logsource-missing": "the rule has no logsource",
        LogsourceNotMap = "logsource-not-map": "logsource is not a map",
        LogsourceKeyNotText { key: String } = "logsource-key-not-text": "{key} of the logsource is not a text",
        LogsourceEmpty = "logsource-empty": "the logsource names none of product, category and service",
        DetectionMissing = "detection-missing": "the rule has no detection",
        DetectionNotMap = "detection-not-map": "detection is not a map",

        // Selections and conditions.
        SelectionNameNotText = "selection-name-not-text": "a name of a selection is not a text",
        SelectionEmptyMap = "selection-empty-map": "a selection is an empty map",
        SelectionEmptyList = "selection-empty-list": "a selection is an empty list",
        SelectionNestedList = "selection-nested-list": "a list stands directly inside a list",
        SelectionTagged = "selection-tagged": "a selection carries a YAML tag",
        FieldNotText = "field-not-text": "a field name is not a text",
        ConditionMissing = "condition-missing": "there is no condition",
        ConditionUnreadable { error: String } = "condition-unreadable": "the condition cannot be read: {error}",
        ConditionAggregates = "condition-aggregates":
            "the condition has an aggregation after a pipe, which the specification has replaced by correlations",
        SelectionUnknown { name: String } = "selection-unknown": "the condition names {name}, which is no selection",
        SelectionNoneFits { pattern: String } = "selection-none-fits":
            "no selection fits '{pattern}' of the condition",
        QuantifierUnknown { count: u64 } = "quantifier-unknown":
            "'{count} of' is not in the specification, which has '1 of' and 'all of'",

        // Modifiers.
        ModifierUnknown { modifier: String } = "modifier-unknown": "{modifier} is not a modifier of the specification",
        ModifierWithoutRegex { modifier: String } = "modifier-without-re":
            "the modifier {modifier} stands without re before it",
        ModifierWithoutField { modifier: String } = "modifier-without-field": "{modifier} stands without a field",
        ModifiersExclusive { modifier: String, other: String } = "modifiers-exclusive":
            "{modifier} cannot be combined with {other}",
        ModifierOnNull { modifier: String } = "modifier-on-null": "{modifier} cannot be applied to null",
        ModifierOnBytes { modifier: String } = "modifier-on-bytes":
            "{modifier} cannot be applied to a value that is no text any more",
        ModifierOnWildcards { modifier: String } = "modifier-on-wildcards":
            "{modifier} is applied to a value with wildcards",
        WindashTooMany = "windash-too-many": "windash leaves too many spellings to encode",

        // Values.
        KeywordNull = "keyword-null": "a keyword is null",
        ValuesEmpty = "values-empty": "the list of values is empty",
        ValueNull = "value-null": "a list of values holds null, which the specification forbids",
        ValueMap = "value-map": "a value is a map; nested fields are written as one dotted name",
        ValueList = "value-list": "a list stands inside a list of values",
        ValueTagged = "value-tagged": "a value carries a YAML tag",
        ValueEncoded = "value-encoded": "the encoded value is no text; base64 is missing after the encoding",
        ValueWildcards = "value-wildcards": "the value has wildcards where none can be",
        ExistsNotTruth = "exists-not-truth": "exists takes true or false",
        FieldrefNotName = "fieldref-not-name": "fieldref takes the name of a field",
        RegexNotText = "regex-not-text": "re takes a text",
        DocumentTooLong { bytes: u64, most: u64 } = "document-too-long":
            "a document of {bytes} bytes is longer than rules are read ({most})",
        DocumentTooDeep { most: u64 } = "document-too-deep": "the document is nested deeper than {most} levels",
        RegexUnreadable { error: String } = "regex-unreadable": "the regular expression cannot be read: {error}",
        NetworkUnreadable { value: String } = "network-unreadable": "{value} is not a network",
        NumberUnreadable { value: String } = "number-unreadable": "{value} is not a number",
        PlaceholderUnknown { name: String } = "placeholder-unknown": "no values are given for the placeholder %{name}%",
        PlaceholderTooMany { name: String } = "placeholder-too-many":
            "the placeholder %{name}% leads to more than 100,000 values",

        // Filters.
        FilterNotAlone = "filter-not-alone": "there is not one filter and nothing else",
        FilterNotMap = "filter-not-map": "filter is not a map",
        FilterRulesMissing = "filter-rules-missing": "the filter does not say for which rules it is",
        FilterRuleNotText = "filter-rule-not-text": "a rule of the filter is not a text",
        FilterRulesNotTexts = "filter-rules-not-texts": "rules of the filter is neither a text nor a list",
        FilterConditionNotText = "filter-condition-not-text": "a filter has exactly one condition, a text",

        // Correlations.
        CorrelationNotMap = "correlation-not-map": "correlation is not a map",
        CorrelationTypeMissing = "correlation-type-missing": "the correlation has no type",
        CorrelationTypeUnknown { word: String } = "correlation-type-unknown": "{word} is no type of correlation",
        CorrelationRulesMissing = "correlation-rules-missing": "the correlation names no rules",
        CorrelationRuleTwice { rule: String } = "correlation-rule-twice": "the correlation names {rule} twice",
        CorrelationRuleUnknown { rule: String } = "correlation-rule-unknown": "{rule} is no rule that was loaded",
        CorrelationRuleAmbiguous { rule: String } = "correlation-rule-ambiguous":
            "{rule} is the id or name of more than one rule",
        CorrelationCircular = "correlation-circular": "it refers to itself or to a correlation that is refused",
        GenerateNotTruth = "generate-not-truth": "generate is neither true nor false",
        TimespanMissing = "timespan-missing": "the correlation has no timespan",
        TimespanUnreadable = "timespan-unreadable":
            "the timespan is not a number and one of the units s, m, h, d, w, M, y",
        AliasesNotMap = "aliases-not-map": "aliases is not a map",
        AliasNameNotText = "alias-name-not-text": "the name of an alias is not a text",
        AliasNotMap { alias: String } = "alias-not-map": "the alias {alias} is not a map of rules to fields",
        CorrelationConditionMissing = "correlation-condition-missing": "the correlation has no condition",
        CorrelationConditionNotMap = "correlation-condition-not-map": "the condition is not a map",
        FormulaNotTemporal = "formula-not-temporal": "a condition over rule names is for the type temporal alone",
        FormulaQuantifies = "formula-quantifies": "'1 of' and 'all of' stand for selections and not for rules",
        FormulaRuleUnlisted { rule: String } = "formula-rule-unlisted":
            "the condition names {rule}, which rules does not list",
        BoundUnknown { key: String } = "bound-unknown": "the condition does not know {key}",
        BoundNotNumber { key: String } = "bound-not-number": "{key} of the condition is not a number",
        BoundMissing = "bound-missing": "the condition compares with nothing",
        CountedNotNames = "counted-not-names": "field of the condition is neither a name nor a list of names",
        CountedMissing = "counted-missing": "value_count needs a field",
        CountedNotOne = "counted-not-one": "sums, averages and percentiles need one field",
        PercentileUnreadable = "percentile-unreadable": "percentile of the condition is not a number from 0 to 100",

        // Of several kinds of documents.
        ListNotTexts { key: String } = "list-not-texts": "{key} is neither a text nor a list of texts",

        // Warnings: the document is used all the same.
        IdMissing = "id-missing": "the rule has no id",
        IdNotUuid { id: String } = "id-not-uuid": "the id {id} is not a UUID",
        IdTwice { id: String, path: String, line: u64 } = "id-twice": "the id {id} is also that of {path}:{line}",
        MetaNotText { key: String } = "meta-not-text": "{key} is not a text and is passed over",
        MetaNotTexts { key: String } = "meta-not-texts": "{key} is not a list of texts; what is no text is passed over",
        RelatedNotReferences = "related-not-references": "related is not a list of maps with an id",
        KeyHidden { key: String, character: String } = "key-hidden":
            "the key {key} holds {character}, which nobody sees",
        ValueControl { key: String, character: String } = "value-control":
            "a value of {key} holds the control character {character}; in double quotes a backslash must be doubled",
        EncodingOpen { key: String, modifier: String } = "encoding-open":
            "in {key} no base64 follows {modifier}, so the value stands in no event",
        LevelUnknown { word: String } = "level-unknown": "{word} is no level; informational is used",
        StatusUnknown { word: String } = "status-unknown": "{word} is no status",
        SelectionUnused { name: String } = "selection-unused": "the condition does not use {name}",
        GroupByMissing = "group-by-missing": "without group-by all events are one group",
        FilterKeeps = "filter-keeps": "without 'not' the filter keeps only the events it selects",
        FilterFitsNothing = "filter-fits-nothing": "the filter fits no rule of the set",
        LogsourceUnread { logsource: String } = "logsource-unread":
            "no reader brings events of the log source ({logsource}), so the rule never fires",
        LogsourceExcluded { logsource: String } = "logsource-excluded":
            "log source ({logsource}) and tests exclude each other, so the rule never fires",
        FieldUnknown { field: String } = "field-unknown": "no event of the log source is known to have the field {field}",
        FieldMisnamed { field: String, near: String } = "field-misnamed":
            "no event of the log source is known to have the field {field}; near it is {near}",
    }
}
