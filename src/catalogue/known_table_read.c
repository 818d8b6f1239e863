/* What is publicly known of the cmdlets A to Get-Q; the notation stands in known_table.h. Kept by hand. */
#include "catalogue/known_table.h"

const char *const known_table_read[] = {
    "Add-ComplianceCaseMember a Case:t Member:t",
    "Add-eDiscoveryCaseAdmin a User:t",
    "Add-RoleGroupMember a Identity:d Member:d",
    "Cancel-DlpEdmSession x+u",
    "Cancel-SensitiveInformationScan x+ Identity:d",
    "Check-PurviewConfig r CaseHoldPolicyNameOrId:t CaseId:t Component:c=DLP|DLPAlerts|Encryption|MIPLabels "
        "DateTimeUTC:t DeviceName:t File:tr FileAsBytes:f IncidentId:t ItemId:tr MessageId:tr Organization:d "
        "PolicyName:t RecipientAddress:e RecordId:t RuleName:t SenderAddress:e SharepointItemUniqueId:t "
        "SharepointSiteId:t SitIdentity:t SiteUrl:t TestCases:l Theme:c=EnabledEntities|EvaluationDetails"
        "|LicenseAvailability UserPrincipalName:e Workload:t",
    "Create-FilePlanFirstRunLabels cu",
    "Delete-QuarantineMessage d! Identities:D Identity:d EntityType:cp=Email|SharePointOnline|Teams"
        "|DataLossPrevention HardDelete:s RecipientAddress:l",
    "Enable-AdaptiveScopeStorage g+u",
    "Enable-ComplianceFeature g+u",
    "Enable-ComplianceTagStorage g+ RecordsManagementSecurityGroupEmail:t",
    "Enable-ServiceDomainGroupStorage g+u",
    "Execute-AzureADLabelSync x+",
    "Execute-UnifiedPolicyCmdletBatch x+u",
    "Export-ActivityExplorerData r EndTime:T OutputFormat:c=csv|json StartTime:T Filter1:l Filter2:l Filter3:l "
        "Filter4:l Filter5:l PageCookie:t PageSize:i>100[1,5000",
    "Export-ContentExplorerData r TagType:c=Retention|SensitiveInformationType|Sensitivity|TrainableClassifier "
        "Aggregate:sp ConfidenceLevel:c=high|medium|low PageCookie:t PageSize:i[1,10000 SiteUrl:t TagName:t "
        "UserPrincipalName:t Workload:c=EXO|Exchange|ODB|OneDrive|SPO|SharePoint|Teams",
    "Export-FilePlanProperty r DomainController:tr",
    "Export-PurviewConfig r Components:C=ClassificationAndTextExtraction|DLM|DLP|MIPLabels DomainController:tr "
        "PolicyName:t UserPrincipalName:e",
    "Export-QuarantineMessage r Identities:D Identity:d CompressOutput:s EntityType:cp=Email|SharePointOnline"
        "|Teams|DataLossPrevention ForceConversionToMime:s Password:p PasswordV2:t ReasonForExport:t RecipientAddress:l",
    "Export-QuarantineMessageV1 ru",
    "Fix-PurviewConfig g+u",
    "Get-AadProtectionLevel ru",
    "Get-ActivityAlert ru",
    "Get-AdaptiveScope r Identity:da AdministrativeUnits:l LocationTypes:l",
    "Get-AdaptiveScopeMembers r Identity:d AdaptiveReportQuery:t AdaptiveReportFilters:h EndDateTime:T "
        "PageCookie:t PageResultSize:u>10000 StartDateTime:T State:c=Added|Removed",
    "Get-AdminAuditLogConfig r",
    "Get-AdministrativeUnitExtension ru",
    "Get-AppRetentionCompliancePolicy r Identity:da DistributionDetail:s ErrorPolicyOnly:s RetentionRuleTypes:s",
    "Get-AppRetentionComplianceRule r Identity:da Policy:d",
    "Get-AuditConfig r DomainController:tr",
    "Get-AuditConfigurationPolicy ru",
    "Get-AuditConfigurationRule ru",
    "Get-AutoSensitivityLabelPolicy r Identity:da DistributionDetail:s ForceValidate:b>$false "
        "IncludeProgressFeedback:s IncludeTestModeResults:b",
    "Get-AutoSensitivityLabelRule r Identity:da ForceValidate:s IncludeExecutionRuleGuids:b>$false "
        "IncludeExecutionRuleInformation:b>$false Policy:d",
    "Get-CaseHoldPolicy r Identity:da Case:t DistributionDetail:s IncludeBindings:s IncludeBindingsOnly:s",
    "Get-CaseHoldRule r Identity:da Policy:d",
    "Get-ClassificationGradingPolicy ru",
    "Get-ComplianceBoundary ru",
    "Get-ComplianceCase r Identity:da CaseType:c>eDiscovery=AdvancedEdiscovery|ComplianceClassifier"
        "|ComplianceWorkspace|DataInvestigation|DSR|eDiscovery|InsiderRisk|InternalInvestigation|SupervisionPolicy "
        "DomainController:tr RecentOnly:s RoleGroup:t",
    "Get-ComplianceCaseMember r Case:t DomainController:tr ResultSize:u>1000 ShowCaseAdmin:s",
    "Get-ComplianceCaseMemberCandidate ru",
    "Get-ComplianceCaseStatistics ru",
    "Get-ComplianceCustodian ru",
    "Get-ComplianceEmailSetting ru",
    "Get-ComplianceNotice ru",
    "Get-CompliancePreservationSetting ru",
    "Get-ComplianceRetentionEvent r Identity:da BeginDateTime:T DomainController:tr EndDateTime:T PreviewOnly:s",
    "Get-ComplianceRetentionEventType r Identity:da LoadTag:s",
    "Get-ComplianceSearch r Identity:da Case:t ResultSize:u>1000",
    "Get-ComplianceSearchAction r Identity:da Case:t Details:s DomainController:t Export:s IncludeCredential:s "
        "Organization:dr Preview:s Purge:s@S ResultSize:u>1000",
    "Get-ComplianceSecurityFilter r Action:c=Export|Preview|Purge|Search|All FilterName:t User:t",
    "Get-ComplianceTag r Identity:da IncludingLabelState:s PriorityCleanup:s",
    "Get-ComplianceTagStorage r Identity:da Organization:dr",
    "Get-CustomDlpEmailTemplates ru",
    "Get-DataRetentionReport r EndDate:T Page:i>1[1,1000 PageSize:i>1000[1,5000 StartDate:T",
    "Get-DeviceComplianceDetailsReport ru",
    "Get-DeviceComplianceDetailsReportFilter ru",
    "Get-DeviceCompliancePolicyInventory ru",
    "Get-DeviceComplianceReportDate ru",
    "Get-DeviceComplianceSummaryReport ru",
    "Get-DeviceComplianceUserInventory ru",
    "Get-DeviceComplianceUserReport ru",
    "Get-DeviceConditionalAccessPolicy r Identity:da",
    "Get-DeviceConditionalAccessRule r Identity:da CompareToWorkload:s DomainController:tr",
    "Get-DeviceConfigurationPolicy r Identity:da",
    "Get-DeviceConfigurationRule r Identity:da CompareToWorkload:s DomainController:tr",
    "Get-DevicePolicy r Identity:da",
    "Get-DeviceTenantPolicy r Identity:da",
    "Get-DeviceTenantRule r Identity:da DomainController:tr",
    "Get-DlpAlertTuningRule ru",
    "Get-DlpCompliancePolicy r Identity:da DisplayName:t DistributionDetail:s ForceValidate:b "
        "IncludeExtendedProperties:b IncludeRulesMetadata:b IRMUserRiskConfiguredAnyRule:s IncludeSimulationResults:b "
        "Summary:s",
    "Get-DlpComplianceRule r Identity:da DisplayName:t IncludeExecutionRuleGuids:b Policy:d",
    "Get-DlpDetailReport r Action:C=BlockAccess|GenerateIncidentReport|NotifyUser Actor:l DlpCompliancePolicy:l "
        "DlpComplianceRule:l EndDate:T EventType:C=DLPActionHits|DLPActionUndo|DLPMessages|DLPPolicyFalsePositive"
        "|DLPPolicyHits|DLPPolicyOverride|DLPRuleHits Page:i>1[1,1000 PageSize:i>1000[1,5000 Source:C=EXCH|ODB|SPO "
        "StartDate:T",
    "Get-DlpDetectionsReport r Action:C=BlockAccess|GenerateIncidentReport|NotifyUser "
        "AggregateBy:c>Day=Hour|Day|Summary DlpCompliancePolicy:l DlpComplianceRule:l EndDate:T "
        "EventType:C=DataRetentions|DLPActionHits|DLPActionUndo|DLPByIncidentIdActionHits|DLPByIncidentIdMessages"
        "|DLPByIncidentIdPolicyFalsePositive|DLPByIncidentIdPolicyHits|DLPByIncidentIdPolicyOverride"
        "|DLPByIncidentIdRuleHits|DLPMessages|DLPPolicyFalsePositive|DLPPolicyHits|DLPPolicyOverride|DLPRuleHits "
        "Expression:xr Page:i>1[1,1000 PageSize:i>1000[1,5000 Source:C=EXCH|ODB|SPO StartDate:T "
        "SummarizeBy:C=DLPPolicy|Domain|EventType",
    "Get-DlpEdmSchema r Identity:da",
    "Get-DlpEdmSession ru",
    "Get-DlpIncidentDetailReport r Action:C=BlockAccess|GenerateIncidentReport|NotifyUser Actor:l "
        "DlpCompliancePolicy:l DlpComplianceRule:l EndDate:T EventType:C=DLPByIncidentIdActionHits"
        "|DLPByIncidentIdMessages|DLPByIncidentIdPolicyFalsePositive|DLPByIncidentIdPolicyHits"
        "|DLPByIncidentIdPolicyOverride|DLPByIncidentIdRuleHits Page:i>1[1,1000 PageSize:i>1000[1,5000 "
        "Source:C=EXCH|ODB|SPO|TEAMS StartDate:T",
    "Get-DlpKeywordDictionary r Name:t",
    "Get-DlpSensitiveInformationType r Identity:da Capability:x IncludeDetails:s IncludeElements:x Organization:dr",
    "Get-DlpSensitiveInformationTypeConfig ru",
    "Get-DlpSensitiveInformationTypeRulePackage r Identity:da Capability:x",
    "Get-DlpSiDetectionsReport r EndDate:T SensitiveType:l",
    "Get-DspmPolicy ru",
    "Get-eDiscoveryCaseAdmin r DomainController:tr ResultSize:u>1000",
    "Get-FeatureConfiguration r Identity:da FeatureScenario:c=KnowYourData|TrustContainer",
    "Get-FilePlanPropertyAuthority r Identity:da",
    "Get-FilePlanPropertyCategory r Identity:da",
    "Get-FilePlanPropertyCitation r Identity:da",
    "Get-FilePlanPropertyDepartment r Identity:da",
    "Get-FilePlanPropertyReferenceId r Identity:da",
    "Get-FilePlanPropertyStructure r IncludeAdditionalInfo:s",
    "Get-FilePlanPropertySubCategory r Identity:da",
    "Get-GlobalList ru",
    "Get-Group r Identity:da RecipientTypeDetails:C=MailNonUniversalGroup|MailUniversalDistributionGroup"
        "|MailUniversalSecurityGroup|NonUniversalGroup|RoomList|UniversalDistributionGroup|UniversalSecurityGroup "
        "ResultSize:u>1000 SortBy:t",
    "Get-HoldCompliancePolicy r Identity:da DistributionDetail:s",
    "Get-HoldComplianceRule r Identity:da Policy:d",
    "Get-InformationBarrierPoliciesApplicationStatus r Identity:da All:s",
    "Get-InformationBarrierPolicy r Identity:da ExoPolicyId:g",
    "Get-InformationBarrierRecipientStatus r Identity:da Identity2:d",
    "Get-InsiderRiskEntityList ru",
    "Get-InsiderRiskPolicy ru",
    "Get-JitConfiguration ru",
    "Get-Label r Identity:da IncludeDetailedLabelActions:s ReturnModernLabelScheme:s SkipValidations:s "
        "ValidateContentTypeRemoval:s",
    "Get-LabelExplorerConfig ru",
    "Get-LabelPolicy r Identity:da ForceValidate:b",
    "Get-LabelPolicyRule ru",
    "Get-LongTermAuditItems ru",
    "Get-LongTermAuditStats ru",
    "Get-MachineAssistedTagResource ru",
    "Get-MailDetailEncryptionReport r Organization:d AggregateBy:c>Day=Hour|Day|Summary "
        "Direction:C=Inbound|Outbound Domain:l EndDate:T EventType:C=EncryptionManual|EncryptionPolicy MessageId:l "
        "MessageTraceId:l Page:i>1[1,1000 PageSize:i>1000[1,5000 ProbeTag:tr StartDate:T",
    "Get-MailFilterListReport r Domain:l Expression:xr ProbeTag:tr SelectionTarget:C=Actions|DlpPolicy|DlpRule"
        "|Domain|EventTypes|FindOnPremConnector|TransportRule",
    "Get-MailTrafficEncryptionReport r Action:l AggregateBy:c>Day=Hour|Day|Summary Direction:C=Inbound|Outbound "
        "Domain:l EndDate:T EventType:C=EncryptionManual|EncryptionPolicy Page:i>1[1,1000 PageSize:i>1000[1,5000 "
        "ProbeTag:tr StartDate:T SummarizeBy:C=Action|Domain|EventType",
    "Get-ManagementRole r Identity:da GetChildren:s Recurse:s Cmdlet:t CmdletParameters:l RoleType:x Script:t "
        "ScriptParameters:l",
    "Get-MultiTenantOrganizationConfig ru",
    "Get-OcrConfiguration ru",
    "Get-OrganizationSegment r Identity:da",
    "Get-PolicyConfig r Identity:da",
    "Get-PrivacyManagementCaseAdmin ru",
    "Get-PrivacyManagementComplianceCaseMember ru",
    "Get-PrivacyManagementComplianceTag ru",
    "Get-PrivacyManagementPolicy ru",
    "Get-PrivacyManagementRule ru",
    "Get-ProtectionAlert r Identity:da IncludeRuleXml:s",
    "Get-ProtectionCompliancePolicy ru",
    "Get-ProtectionComplianceRule ru",
    "Get-QuarantineMessage r Identity:da Direction:cm=Inbound|Outbound Domain:lr EndExpiresDate:T "
        "EndReceivedDate:T EntityType:cp=Email|SharePointOnline|Teams|DataLossPrevention "
        "IncludeMessagesFromBlockedSenderAddress:s MessageId:t MyItems:s Page:i>1[1,1000 PageSize:i>100[1,1000 "
        "PolicyName:t PolicyTypes:C=AntiMalwarePolicy|AntiPhishPolicy|DataLossPreventionRule|ExchangeTransportRule"
        "|HostedContentFilterPolicy|SafeAttachmentPolicy QuarantineTypes:C=Bulk|DataLossPrevention|FileTypeBlock"
        "|HighConfPhish|Malware|Phish|Spam|SPOMalware|TransportRule|AdminTriggered|PPI RecipientAddress:l "
        "RecipientTag:l ReleaseStatus:C=Approved|Denied|Error|NotReleased|PreparingToRelease|Released|Requested "
        "Reported:b SenderAddress:l StartExpiresDate:T StartReceivedDate:T Subject:t "
        "TeamsConversationTypes:C=Channel|Chat Type:c=Bulk|DataLossPrevention|HighConfPhish|Malware|Phish|Spam"
        "|SPOMalware|TransportRule|AdminTriggered|PPI",
    "Get-QuarantineMessageHeader r Identity:da EntityType:cp=Email|SharePointOnline|Teams|DataLossPrevention "
        "RecipientAddress:tm",
};
const size_t known_table_read_count = sizeof known_table_read / sizeof *known_table_read;
