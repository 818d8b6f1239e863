/* What is publicly known of the cmdlets Remove to Z; the notation stands in known_table.h. Kept by hand. */
#include "catalogue/known_table.h"

/* One row is longer than ISO C promises to take; the two compilers that purvey is built with take any length. */
#pragma GCC diagnostic ignored "-Woverlength-strings"

const char *const known_table_set[] = {
    "Remove-ActivityAlert d!u",
    "Remove-AdaptiveScope d! Identity:d ForceDeletion:si",
    "Remove-AppRetentionCompliancePolicy d!w Identity:d ForceDeletion:si",
    "Remove-AppRetentionComplianceRule d! Identity:d ForceDeletion:si",
    "Remove-AuditConfigurationPolicy d!u",
    "Remove-AuditConfigurationRule d!u",
    "Remove-AutoSensitivityLabelPolicy d!w Identity:d",
    "Remove-AutoSensitivityLabelRule d! Identity:d",
    "Remove-CaseHoldPolicy d!w Identity:d ForceDeletion:si",
    "Remove-CaseHoldRule d! Identity:d ForceDeletion:si",
    "Remove-ClassificationGradingPolicy d!u",
    "Remove-ComplianceBoundary d!u",
    "Remove-ComplianceCase d!s Identity:d DomainController:tr",
    "Remove-ComplianceCaseMember d! Case:t Member:t",
    "Remove-ComplianceCustodian d!u",
    "Remove-ComplianceEmailSetting d!u",
    "Remove-ComplianceNotice d!u",
    "Remove-ComplianceRetentionEvent d!u",
    "Remove-ComplianceRetentionEventType d! Identity:d ForceDeletion:si",
    "Remove-ComplianceSearch d!s Identity:d",
    "Remove-ComplianceSearchAction d! Identity:d",
    "Remove-ComplianceSecurityFilter d! FilterName:t",
    "Remove-ComplianceTag d! Identity:d ForceDeletion:si PriorityCleanup:s",
    "Remove-CustomDlpEmailTemplate d!u",
    "Remove-DeviceConditionalAccessPolicy d! Identity:d",
    "Remove-DeviceConditionalAccessRule d! Identity:d",
    "Remove-DeviceConfigurationPolicy d! Identity:d",
    "Remove-DeviceConfigurationRule d! Identity:d",
    "Remove-DeviceTenantPolicy d! Identity:d",
    "Remove-DeviceTenantRule d! Identity:d",
    "Remove-DlpAlertTuningRule d!u",
    "Remove-DlpCompliancePolicy d!w Identity:d",
    "Remove-DlpComplianceRule d! Identity:d",
    "Remove-DlpEdmSchema d! Identity:d",
    "Remove-DlpKeywordDictionary d! Identity:d",
    "Remove-DlpSensitiveInformationType d! Identity:d",
    "Remove-DlpSensitiveInformationTypeRulePackage d! Identity:d",
    "Remove-DspmPolicy d!u",
    "Remove-eDiscoveryCaseAdmin d! User:t",
    "Remove-FeatureConfiguration d! Identity:d",
    "Remove-FilePlanPropertyAuthority d! Identity:d ForceDeletion:si",
    "Remove-FilePlanPropertyCategory d! Identity:d ForceDeletion:si",
    "Remove-FilePlanPropertyCitation d! Identity:d ForceDeletion:si",
    "Remove-FilePlanPropertyDepartment d! Identity:d ForceDeletion:si",
    "Remove-FilePlanPropertyReferenceId d! Identity:d ForceDeletion:si",
    "Remove-FilePlanPropertySubCategory d! Identity:d ForceDeletion:si",
    "Remove-GlobalList d!u",
    "Remove-HoldCompliancePolicy d!w Identity:d ForceDeletion:si",
    "Remove-HoldComplianceRule d! Identity:d ForceDeletion:si",
    "Remove-InformationBarrierPolicy d! Identity:d ForceDeletion:si",
    "Remove-InsiderRiskEntityList d!u",
    "Remove-InsiderRiskPolicy d!u",
    "Remove-JitConfiguration d!u",
    "Remove-Label d! Identity:d",
    "Remove-LabelExplorerConfig d!u",
    "Remove-LabelPolicy d! Identity:d",
    "Remove-MachineAssistedTagResource d!u",
    "Remove-OcrConfiguration d!u",
    "Remove-OrganizationSegment d! Identity:d",
    "Remove-PrivacyManagementCaseAdmin d!u",
    "Remove-PrivacyManagementComplianceCaseMember d!u",
    "Remove-PrivacyManagementComplianceTag d!u",
    "Remove-PrivacyManagementPolicy d!u",
    "Remove-PrivacyManagementRule d!u",
    "Remove-ProtectionAlert d! Identity:d ForceDeletion:si",
    "Remove-ProtectionCompliancePolicy d!u",
    "Remove-ProtectionComplianceRule d!u",
    "Remove-RecordLabel d!u",
    "Remove-RetentionCompliancePolicy d!w Identity:d ForceDeletion:si PriorityCleanup:s",
    "Remove-RetentionComplianceRule d! Identity:d ForceDeletion:si PriorityCleanup:s",
    "Remove-RoleGroup d! Identity:d Force:s",
    "Remove-RoleGroupMember d! Identity:d Member:d",
    "Remove-SensitiveInformationScan d! Identity:d",
    "Remove-SensitiveInformationScanRule d! Identity:d",
    "Remove-ServiceDomainGroup d!u",
    "Remove-ServicePrincipal d! Identity:d",
    "Remove-SupervisoryReviewPolicyV2 d! Identity:d ForceDeletion:si",
    "Remove-TeamsRetentionCompliancePolicy d!u",
    "Remove-TeamsRetentionComplianceRule d!u",
    "Remove-TenantAllowBlockListItems d! Entries:l~FileHash|Url|IP Ids:l ListType:c=FileHash|Sender|Url|IP "
        "ListSubType:c>Tenant=AdvancedDelivery|Tenant OutputJson:s",
    "Remove-TenantAllowBlockListSpoofItems d! Identity:d Ids:l",
    "Remove-ThreatResponsePolicy d!u",
    "Remove-ThreatResponseRule d!u",
    "Remove-UnifiedAuditLogRetentionPolicy d! Identity:d DomainController:tr ForceDeletion:si",
    "Restore-ItemsDeletedByRetentionSystem x+u",
    "Restore-TemporaryDeletedQuarantineMessage x+u",
    "Set-ActivityAlert g+u",
    "Set-AdaptiveScope g+ Identity:d AdministrativeUnit:g FilterConditions:h RawQuery:t Comment:t",
    "Set-AdministrativeUnitExtension g+u",
    "Set-AppRetentionCompliancePolicy g+w Identity:d RetryDistribution:s AddAdaptiveScopeLocation:l "
        "AddExchangeLocation:l AddExchangeLocationException:l AddModernGroupLocation:l "
        "AddModernGroupLocationException:l Applications:lp Comment:t DeletedResources:t Enabled:b>$true Force:s "
        "PolicyRBACScopes:l RemoveAdaptiveScopeLocation:l RemoveExchangeLocation:l RemoveExchangeLocationException:l "
        "RemoveModernGroupLocation:l RemoveModernGroupLocationException:l RestrictiveRetention:bi>$false",
    "Set-AppRetentionComplianceRule g+ Identity:d Comment:t ContentContainsSensitiveInformation:H "
        "ContentDateFrom:T ContentDateTo:T ContentMatchQuery:tk ExcludedItemClasses:u "
        "ExpirationDateOption:c=CreationAgeInDays|ModificationAgeInDays "
        "RetentionComplianceAction:c=Delete|Keep|KeepAndDelete RetentionDuration:u~Unlimited "
        "RetentionDurationDisplayHint:c=Days|Months|Years",
    "Set-AuditConfig g+ Identity:dr Workload:C=Exchange|InTune|OneDriveForBusiness|SharePoint DomainController:tr "
        "Organization:dr",
    "Set-AuditConfigurationRule g+u",
    "Set-AutoSensitivityLabelPolicy g+w Identity:d AddExchangeLocation:l~All AddOneDriveLocation:l "
        "AddOneDriveLocationException:l AddSharePointLocation:l AddSharePointLocationException:l "
        "ApplySensitivityLabel:t ApplySensitivityLabelOverwriteWorkloads:x AutoEnableAfter:S Comment:t Enabled:b>$true "
        "ExceptIfOneDriveSharedBy:D ExceptIfOneDriveSharedByMemberOf:D ExchangeAdaptiveScopes:l "
        "ExchangeAdaptiveScopesException:l ExchangeSender:E ExchangeSenderException:E ExchangeSenderMemberOf:E "
        "ExchangeSenderMemberOfException:E ExternalMailRightsManagementOwner:e Force:s Locations:t "
        "Mode:c=Enable|TestWithNotifications|TestWithoutNotifications|Disable|PendingDeletion OneDriveAdaptiveScopes:l "
        "OneDriveAdaptiveScopesException:l OneDriveSharedBy:D OneDriveSharedByMemberOf:D OverwriteLabel:b>$false "
        "PolicyRBACScopes:l PolicyTemplateInfo:hr Priority:i[0,4 RemoveExchangeLocation:l~All RemoveOneDriveLocation:l "
        "RemoveOneDriveLocationException:l RemoveSharePointLocation:l RemoveSharePointLocationException:l "
        "RetryDistribution:s SharePointAdaptiveScopes:l SharePointAdaptiveScopesException:l SpoAipIntegrationEnabled:b "
        "StartSimulation:b>$false",
    "Set-AutoSensitivityLabelRule g+ Identity:d AccessScope:c=InOrganization|NotInOrganization|None "
        "ActivationDate:T AdvancedRule:t AnyOfRecipientAddressContainsWords:l AnyOfRecipientAddressMatchesPatterns:l "
        "Comment:t ContentContainsSensitiveInformation:H ContentExtensionMatchesWords:l ContentPropertyContainsWords:l "
        "DefaultSpoDocLibraryHasLabel:b Disabled:b>$false DocumentCreatedBy:l DocumentIsPasswordProtected:b "
        "DocumentIsUnsupported:b DocumentNameMatchesWords:l DocumentSizeOver:z "
        "ExceptIfAccessScope:c=InOrganization|NotInOrganization|None ExceptIfAnyOfRecipientAddressContainsWords:l "
        "ExceptIfAnyOfRecipientAddressMatchesPatterns:l ExceptIfContentContainsSensitiveInformation:H "
        "ExceptIfContentExtensionMatchesWords:l ExceptIfContentPropertyContainsWords:l ExceptIfDocumentCreatedBy:l "
        "ExceptIfDocumentIsPasswordProtected:b ExceptIfDocumentIsUnsupported:b ExceptIfDocumentNameMatchesWords:l "
        "ExceptIfDocumentSizeOver:z ExceptIfFrom:D ExceptIfFromAddressContainsWords:l "
        "ExceptIfFromAddressMatchesPatterns:l ExceptIfFromMemberOf:E ExceptIfHeaderMatchesPatterns:h "
        "ExceptIfProcessingLimitExceeded:b ExceptIfRecipientDomainIs:l ExceptIfSenderDomainIs:l "
        "ExceptIfSenderIPRanges:l ExceptIfSentTo:l ExceptIfSentToMemberOf:D ExceptIfSubjectMatchesPatterns:l "
        "ExpiryDate:Tr From:Dr FromAddressContainsWords:l FromAddressMatchesPatterns:l FromMemberOf:Er "
        "HeaderMatchesPatterns:h Priority:ir ProcessingLimitExceeded:b RecipientDomainIs:l "
        "ReportSeverityLevel:c>Low=Low|Medium|High|None|Informational|Information "
        "RuleErrorAction:c=Ignore|RetryThenBlock SenderDomainIs:l SenderIPRanges:l SentTo:l SentToMemberOf:D "
        "SourceType:t SubjectMatchesPatterns:l Workload:c=Exchange|SharePoint|OneDriveForBusiness",
    "Set-CaseHoldPolicy g+w Identity:d RetryDistribution:s AddExchangeLocation:l AddPublicFolderLocation:l "
        "AddSharePointLocation:l Comment:t Enabled:b>$true Force:s RemoveExchangeLocation:l "
        "RemovePublicFolderLocation:l RemoveSharePointLocation:l",
    "Set-CaseHoldRule g+ Identity:d Comment:t ContentMatchQuery:tk Disabled:b>$false",
    "Set-ClassificationGradingPolicy g+u",
    "Set-ComplianceBoundary g+u",
    "Set-ComplianceCase g+s Identity:d CaseType:xr Close:s Description:t[,256c DomainController:tr ExternalId:t "
        "Name:t[,64c Reopen:s",
    "Set-ComplianceCustodian g+u",
    "Set-ComplianceNotice g+u",
    "Set-CompliancePreservationSetting g+u",
    "Set-ComplianceRetentionEvent g+u",
    "Set-ComplianceRetentionEventType g+ Identity:d Comment:t",
    "Set-ComplianceSearch g+s Identity:d AddExchangeLocation:l AddExchangeLocationExclusion:l "
        "AddSharePointLocation:l AddSharePointLocationExclusion:lr AllowNotFoundExchangeLocationsEnabled:b>$false "
        "ContentMatchQuery:tk Description:t ExchangeLocation:l ExchangeLocationExclusion:l Force:s HoldNames:l "
        "IncludeOrgContent:b IncludeUserAppContent:b>$false Language:k Name:tr PublicFolderLocation:l RefinerNames:lr "
        "RemoveExchangeLocation:l RemoveExchangeLocationExclusion:l RemovePublicFolderLocation:lr "
        "RemoveSharePointLocation:l RemoveSharePointLocationExclusion:lr SharePointLocation:l "
        "SharePointLocationExclusion:lr",
    "Set-ComplianceSearchAction g+ Identity:d ChangeExportKey:s DomainController:tr",
    "Set-ComplianceSecurityFilter g+ FilterName:t Action:x>SoftDelete~All Description:t[,256c Filters:lk "
        "Region:c=APC|AUS|CAN|EUR|FRA|GBR|IND|JPN|LAM|NAM Users:ll",
    "Set-ComplianceTag g+ Identity:d AutoApprovalPeriod:i Comment:t ComplianceTagForNextStage:t EventType:d "
        "FilePlanProperty:t FlowId:gp Force:s MultiStageReviewProperty:t Notes:t PriorityCleanup:s RetentionDuration:u "
        "ReviewerEmail:E",
    "Set-CustomDlpEmailTemplate g+u",
    "Set-DeviceConditionalAccessPolicy g+ Identity:d RetryDistribution:sr Comment:t Enabled:b>$true Force:s",
    "Set-DeviceConditionalAccessRule g+ Identity:d TargetGroups:l AccountName:t AccountUserName:t AllowAppStore:n "
        "AllowAssistantWhileLocked:n AllowConvenienceLogon:n AllowDiagnosticSubmission:n AllowiCloudBackup:n "
        "AllowiCloudDocSync:n AllowiCloudPhotoSync:n AllowJailbroken:b AllowPassbookWhileLocked:n AllowScreenshot:n "
        "AllowSimplePassword:n AllowVideoConferencing:n AllowVoiceAssistant:n AllowVoiceDialing:n "
        "AntiVirusSignatureStatus:i AntiVirusStatus:i AppsRating:c=AllowAll|DontAllow|Rating9plus|Rating12plus"
        "|Rating17plus|$null AutoUpdateStatus:c=AutomaticCheckForUpdates|AutomaticDownloadUpdates"
        "|AutomaticUpdatesRequired|DeviceDefault|NeverCheckUpdates|$null BluetoothEnabled:n CameraEnabled:n "
        "DomainController:tr EmailAddress:t EnableRemovableStorage:n ExchangeActiveSyncHost:t "
        "FirewallStatus:c=Required|$null ForceAppStorePassword:n ForceEncryptedBackup:n "
        "MaxPasswordAttemptsBeforeWipe:i MaxPasswordGracePeriod:S MoviesRating:c=AllowAll|DontAllow|$null "
        "PasswordComplexity:i PasswordExpirationDays:i PasswordHistoryCount:i PasswordMinComplexChars:i "
        "PasswordMinimumLength:i PasswordQuality:i PasswordRequired:n PasswordTimeout:S PhoneMemoryEncrypted:n "
        "RegionRatings:c=$null|au|ca|de|fr|gb|ie|jp|nz|us RequireEmailProfile:n SmartScreenEnabled:n "
        "SystemSecurityTLS:n TVShowsRating:c=AllowAll|DontAllow|$null UserAccountControlStatus:c=$null|AlwaysNotify"
        "|NeverNotify|NotifyAppChanges|NotifyAppChangesDoNotDimdesktop WLANEnabled:n WorkFoldersSyncUrl:t",
    "Set-DeviceConfigurationPolicy g+ Identity:d RetryDistribution:sr Comment:t Enabled:b>$true Force:s",
    "Set-DeviceConfigurationRule g+ Identity:d TargetGroups:l AccountName:t AccountUserName:t AllowAppStore:n "
        "AllowAssistantWhileLocked:n AllowConvenienceLogon:n AllowDiagnosticSubmission:n AllowiCloudBackup:n "
        "AllowiCloudDocSync:n AllowiCloudPhotoSync:n AllowPassbookWhileLocked:n AllowScreenshot:n "
        "AllowSimplePassword:n AllowVideoConferencing:n AllowVoiceAssistant:n AllowVoiceDialing:n "
        "AntiVirusSignatureStatus:i AntiVirusStatus:i AppsRating:c=AllowAll|DontAllow|Rating9plus|Rating12plus"
        "|Rating17plus|$null AutoUpdateStatus:c=AutomaticCheckForUpdates|AutomaticDownloadUpdates"
        "|AutomaticUpdatesRequired|DeviceDefault|NeverCheckUpdates|$null BluetoothEnabled:n CameraEnabled:n "
        "DomainController:tr EmailAddress:t EnableRemovableStorage:n ExchangeActiveSyncHost:t "
        "FirewallStatus:c=Required|$null ForceAppStorePassword:n ForceEncryptedBackup:n "
        "MaxPasswordAttemptsBeforeWipe:i MaxPasswordGracePeriod:S MoviesRating:c=AllowAll|DontAllow|$null "
        "PasswordComplexity:i PasswordExpirationDays:i PasswordHistoryCount:i PasswordMinComplexChars:i "
        "PasswordMinimumLength:i PasswordQuality:i PasswordRequired:n PasswordTimeout:S PhoneMemoryEncrypted:n "
        "RegionRatings:c=$null|au|ca|de|fr|gb|ie|jp|nz|us RequireEmailProfile:n SmartScreenEnabled:n "
        "SystemSecurityTLS:n TVShowsRating:c=AllowAll|DontAllow|$null UserAccountControlStatus:c=$null|AlwaysNotify"
        "|NeverNotify|NotifyAppChanges|NotifyAppChangesDoNotDimdesktop WLANEnabled:n WorkFoldersSyncUrl:t",
    "Set-DeviceTenantPolicy g+ RetryDistribution:sr Comment:t Enabled:b>$true Force:s Identity:d",
    "Set-DeviceTenantRule g+ Identity:d ApplyPolicyTo:c=ExchangeOnline|SharePointOnline|ExchangeAndSharePoint "
        "BlockUnsupportedDevices:b DomainController:tr ExclusionList:ll",
    "Set-DlpAlertTuningRule g+u",
    "Set-DlpCompliancePolicy g+w Identity:d RetryDistribution:s AddEndpointDlpLocation:l "
        "AddEndpointDlpLocationException:l AddExchangeLocation:l~All AddOneDriveLocation:l~All "
        "AddOneDriveLocationException:l AddOnPremisesScannerDlpLocation:l AddOnPremisesScannerDlpLocationException:l "
        "AddPowerBIDlpLocation:l AddPowerBIDlpLocationException:l AddSharePointLocation:l "
        "AddSharePointLocationException:l AddTeamsLocation:l AddTeamsLocationException:l AddThirdPartyAppDlpLocation:l "
        "AddThirdPartyAppDlpLocationException:l Comment:t DisplayName:t EndpointDlpAdaptiveScopes:l "
        "EndpointDlpAdaptiveScopesException:l EnforcementPlanes:C=Browser|CopilotExperiences|Application|Network "
        "ExceptIfOneDriveSharedBy:D ExceptIfOneDriveSharedByMemberOf:D ExchangeAdaptiveScopes:l "
        "ExchangeAdaptiveScopesException:l ExchangeSenderMemberOf:D ExchangeSenderMemberOfException:D Force:s "
        "IsFromSmartInsights:b Locations:t Mode:c>Enable=Enable|Disable|TestWithNotifications|TestWithoutNotifications "
        "OneDriveAdaptiveScopes:l OneDriveAdaptiveScopesException:l OneDriveSharedBy:D OneDriveSharedByMemberOf:D "
        "PolicyRBACScopes:l PolicyTemplateInfo:h Priority:i[0,4 RemoveEndpointDlpLocation:l "
        "RemoveEndpointDlpLocationException:l RemoveExchangeLocation:l~All RemoveOneDriveLocation:l~All "
        "RemoveOneDriveLocationException:l RemoveOnPremisesScannerDlpLocation:l "
        "RemoveOnPremisesScannerDlpLocationException:l RemovePowerBIDlpLocation:l RemovePowerBIDlpLocationException:l "
        "RemoveSharePointLocation:l RemoveSharePointLocationException:l RemoveTeamsLocation:l "
        "RemoveTeamsLocationException:l RemoveThirdPartyAppDlpLocation:l RemoveThirdPartyAppDlpLocationException:l "
        "StartSimulation:b TeamsAdaptiveScopes:l TeamsAdaptiveScopesException:l",
    "Set-DlpComplianceRule g+ Identity:d AccessScope:c=InOrganization|NotInOrganization|None ActivationDate:Tr "
        "AddRecipients:h AdvancedRule:t AlertProperties:h AnyOfRecipientAddressContainsWords:l "
        "AnyOfRecipientAddressMatchesPatterns:l ApplyBrandingTemplate:t ApplyHtmlDisclaimer:h AttachmentIsNotLabeled:b "
        "BlockAccess:b>$false BlockAccessScope:c=All|PerUser|PerAnonymousUser Comment:t "
        "ContentCharacterSetContainsWords:l ContentContainsSensitiveInformation:H ContentExtensionMatchesWords:l "
        "ContentFileTypeMatches:l ContentIsNotLabeled:b ContentIsShared:b ContentPropertyContainsWords:l "
        "Disabled:b>$false DisplayName:t DocumentContainsWords:l DocumentCreatedBy:l DocumentCreatedByMemberOf:D "
        "DocumentIsPasswordProtected:b DocumentIsUnsupported:b DocumentMatchesPatterns:l DocumentNameMatchesPatterns:l "
        "DocumentNameMatchesWords:l DocumentSizeOver:z EncryptRMSTemplate:d EndpointDlpRestrictions:H "
        "EnforcePortalAccess:b EvaluateRulePerComponent:b ExceptIfAccessScope:c=InOrganization|NotInOrganization|None "
        "ExceptIfAnyOfRecipientAddressContainsWords:l ExceptIfAnyOfRecipientAddressMatchesPatterns:l "
        "ExceptIfContentCharacterSetContainsWords:l ExceptIfContentContainsSensitiveInformation:H "
        "ExceptIfContentExtensionMatchesWords:l ExceptIfContentFileTypeMatches:l ExceptIfContentIsShared:b "
        "ExceptIfContentPropertyContainsWords:l ExceptIfDocumentContainsWords:l ExceptIfDocumentCreatedBy:l "
        "ExceptIfDocumentCreatedByMemberOf:D ExceptIfDocumentIsPasswordProtected:b ExceptIfDocumentIsUnsupported:b "
        "ExceptIfDocumentMatchesPatterns:l ExceptIfDocumentNameMatchesPatterns:l ExceptIfDocumentNameMatchesWords:l "
        "ExceptIfDocumentSizeOver:z ExceptIfFrom:D ExceptIfFromAddressContainsWords:l "
        "ExceptIfFromAddressMatchesPatterns:l ExceptIfFromMemberOf:E "
        "ExceptIfFromScope:c=InOrganization|NotInOrganization ExceptIfHasSenderOverride:b "
        "ExceptIfHeaderContainsWords:h ExceptIfHeaderMatchesPatterns:h ExceptIfMessageSizeOver:z "
        "ExceptIfMessageTypeMatches:c=ApprovalRequest|AutomaticForward|AutomaticReply|Calendaring|Encrypted"
        "|PermissionControlled|ReadReceipt|Signed ExceptIfProcessingLimitExceeded:b "
        "ExceptIfRecipientADAttributeContainsWords:h ExceptIfRecipientADAttributeMatchesPatterns:h "
        "ExceptIfRecipientDomainIs:l ExceptIfSenderADAttributeContainsWords:h "
        "ExceptIfSenderADAttributeMatchesPatterns:h ExceptIfSenderDomainIs:l ExceptIfSenderIPRanges:l ExceptIfSentTo:l "
        "ExceptIfSentToMemberOf:D ExceptIfSubjectContainsWords:l ExceptIfSubjectMatchesPatterns:l "
        "ExceptIfSubjectOrBodyContainsWords:l ExceptIfSubjectOrBodyMatchesPatterns:l "
        "ExceptIfUnscannableDocumentExtensionIs:l ExceptIfWithImportance:c=Low|Normal|High ExpiryDate:Tr From:D "
        "FromAddressContainsWords:l FromAddressMatchesPatterns:l FromMemberOf:E "
        "FromScope:c=InOrganization|NotInOrganization GenerateAlert:l~SiteAdmin GenerateIncidentReport:l~SiteAdmin "
        "HasActivity:x HasSenderOverride:b HeaderContainsWords:h HeaderMatchesPatterns:h IncidentReportContent:C=All"
        "|Default|Detections|DocumentAuthor|DocumentLastModifier|MatchedItem|RulesMatched|Service|Severity|Title "
        "MessageIsNotLabeled:b MessageSizeOver:z MessageTypeMatches:c=ApprovalRequest|AutomaticForward|AutomaticReply"
        "|Calendaring|Encrypted|PermissionControlled|ReadReceipt|Signed MipRestrictAccess:H Moderate:h ModifySubject:h "
        "NonBifurcatingAccessScope:c=HasInternal|HasExternal|None NotifyAllowOverride:C=FalsePositive"
        "|WithAcknowledgement|WithoutJustification|WithJustification NotifyEmailCustomSenderDisplayName:t "
        "NotifyEmailCustomSubject:t NotifyEmailCustomText:t NotifyEmailExchangeIncludeAttachment:b "
        "NotifyEmailOnedriveRemediationActions:x NotifyOverrideRequirements:x NotifyPolicyTipCustomDialog:t "
        "NotifyPolicyTipCustomText:t[,256c NotifyPolicyTipCustomTextTranslations:ll "
        "NotifyPolicyTipDisplayOption:c>Tip=Tip|Dialog NotifyPolicyTipUrl:t NotifyUser:l~LastModifier|Owner|SiteAdmin "
        "NotifyUserType:x~NotSet|PolicyTip OnPremisesScannerDlpRestrictions:H PrependSubject:t Priority:i[0,7 "
        "ProcessingLimitExceeded:b Quarantine:b RecipientADAttributeContainsWords:h "
        "RecipientADAttributeMatchesPatterns:h RecipientDomainIs:l RedirectMessageTo:D RemoveHeader:l "
        "RemoveRMSTemplate:b ReportSeverityLevel:c>Low=None|Low|Medium|High RestrictAccess:H "
        "RestrictWebGrounding:b>$false RuleErrorAction:c=Ignore|RetryThenBlock|$null SenderADAttributeContainsWords:h "
        "SenderADAttributeMatchesPatterns:h SenderAddressLocation:c>Header=Header|Envelope|HeaderOrEnvelope "
        "SenderDomainIs:l SenderIPRanges:l SentTo:l SentToMemberOf:D SetHeader:hm "
        "SharedByIRMUserRisk:C=FCB9FA93-6269-4ACF-A756-832E79B36A2A|797C4446-5C73-484F-8E58-0CCA08D6DF6C"
        "|75A4318B-94A2-4323-BA42-2CA6DB29AAFE SharepointMoveToQuarantineLocation:b StopPolicyProcessing:b "
        "SubjectContainsWords:l SubjectMatchesPatterns:l SubjectOrBodyContainsWords:l SubjectOrBodyMatchesPatterns:l "
        "TriggerPowerAutomateFlow:t UnscannableDocumentExtensionIs:l WithImportance:c=Low|Normal|High",
    "Set-DlpEdmSchema g+ FileData:f",
    "Set-DlpKeywordDictionary g+ Identity:d Description:t DoNotPersistKeywords:s FileData:f "
        "MatchStyle:c=word|string Name:t",
    "Set-DlpSensitiveInformationType g+ Identity:d Description:t FileData:f Fingerprints:l IsExact:b Locale:k "
        "Name:t Threshold:i ThresholdConfig:h",
    "Set-DlpSensitiveInformationTypeConfig g+u",
    "Set-DlpSensitiveInformationTypeRulePackage g+ FileData:f",
    "Set-DspmPolicy g+u",
    "Set-FeatureConfiguration g+ Identity:d Comment:t Locations:t Mode:c=Enable|Disable ScenarioConfig:t",
    "Set-FilePlanPropertyAuthority g+ Identity:d DisplayName:t",
    "Set-FilePlanPropertyCategory g+ Identity:d DisplayName:t",
    "Set-FilePlanPropertyCitation g+ Identity:d CitationJurisdiction:t CitationUrl:t DisplayName:t",
    "Set-FilePlanPropertyDepartment g+ Identity:d DisplayName:t",
    "Set-FilePlanPropertyReferenceId g+ Identity:d DisplayName:t",
    "Set-FilePlanPropertySubCategory g+ Identity:d DisplayName:t",
    "Set-GlobalList g+u",
    "Set-HoldCompliancePolicy g+w Identity:d RetryDistribution:s AddExchangeLocation:l AddPublicFolderLocation:l "
        "AddSharePointLocation:l Comment:t Enabled:b>$true Force:s RemoveExchangeLocation:l "
        "RemovePublicFolderLocation:l RemoveSharePointLocation:l",
    "Set-HoldComplianceRule g+ Identity:d Comment:t ContentDateFrom:T ContentDateTo:T ContentMatchQuery:tk "
        "Disabled:b>$false HoldContent:u~Unlimited HoldDurationDisplayHint:c=Days|Months|Years",
    "Set-InformationBarrierPolicy g+ Identity:d Comment:t Force:s ModerationAllowed:b SegmentsAllowed:l "
        "SegmentAllowedFilter:tr SegmentsBlocked:l State:c=Inactive|Active",
    "Set-InsiderRiskEntityList g+u",
    "Set-InsiderRiskPolicy g+u",
    "Set-InsiderRiskPolicyLite g+u",
    "Set-JitConfiguration g+u",
    "Set-Label g+ Identity:d AdvancedSettings:h ApplyContentMarkingFooterAlignment:c=Left|Center|Right "
        "ApplyContentMarkingFooterEnabled:b ApplyContentMarkingFooterFontColor:t ApplyContentMarkingFooterFontName:t "
        "ApplyContentMarkingFooterFontSize:i ApplyContentMarkingFooterMargin:i ApplyContentMarkingFooterText:t "
        "ApplyContentMarkingHeaderAlignment:c=Left|Center|Right ApplyContentMarkingHeaderEnabled:b "
        "ApplyContentMarkingHeaderFontColor:t ApplyContentMarkingHeaderFontName:t ApplyContentMarkingHeaderFontSize:i "
        "ApplyContentMarkingHeaderMargin:i ApplyContentMarkingHeaderText:t ApplyDynamicWatermarkingEnabled:bp "
        "ApplyWaterMarkingEnabled:b ApplyWaterMarkingFontColor:t ApplyWaterMarkingFontName:t "
        "ApplyWaterMarkingFontSize:i ApplyWaterMarkingLayout:c=Horizontal|Diagonal ApplyWaterMarkingText:t "
        "ColumnAssetCondition:tr Comment:t Conditions:l ContentType:c=File|Email|Site|UnifiedGroup|PurviewAssets"
        "|Teamwork|SchematizedData DefaultContentLabel:t DisplayName:t DynamicWatermarkDisplay:tp "
        "EncryptionContentExpiredOnDateInDaysOrNever:t EncryptionDoNotForward:b EncryptionDoubleKeyEncryptionUrl:tr "
        "EncryptionEnabled:b EncryptionEncryptOnly:b EncryptionOfflineAccessDays:i EncryptionPromptUser:b "
        "EncryptionProtectionType:c=Template|RemoveProtection|UserDefined EncryptionRightsDefinitions:x "
        "EncryptionRightsUrl:t LabelActions:l LocaleSettings:l MigrationId:tr NextLabel:dr ParentId:d PreviousLabel:dr "
        "Priority:i RemoveParentLink:s SchematizedDataCondition:tr Setting:hr Settings:hr "
        "SiteAndGroupProtectionAllowAccessToGuestUsers:b SiteAndGroupProtectionAllowEmailFromGuestUsers:b "
        "SiteAndGroupProtectionAllowFullAccess:b SiteAndGroupProtectionAllowLimitedAccess:b "
        "SiteAndGroupProtectionBlockAccess:b SiteAndGroupProtectionEnabled:b SiteAndGroupProtectionLevel:x "
        "SiteAndGroupProtectionPrivacy:c=Public|Private SiteExternalSharingControlType:c=ExternalUserAndGuestSharing"
        "|ExternalUserSharingOnly|ExistingExternalUserSharingOnly|Disabled TeamsAllowedPresenters:c=Everyone"
        "|Organization|Organizer|RoleIsPresenter|$null TeamsAllowMeetingChat:c=Enabled|Disabled|Limited|$null "
        "TeamsAllowPrivateTeamsToBeDiscoverableUsingSearch:b TeamsBypassLobbyForDialInUsers:n "
        "TeamsChannelProtectionEnabled:b TeamsChannelSharedWithExternalTenants:b "
        "TeamsChannelSharedWithPrivateTeamsOnly:b TeamsChannelSharedWithSameLabelOnly:b TeamsCopyRestrictionEnforced:b "
        "TeamsDetectSensitiveContentDuringScreenSharingEnabled:b TeamsDisableLobby:b TeamsEndToEndEncryptionEnabled:n "
        "TeamsLobbyBypassScope:c=Everyone|Invited|Organization|OrganizationAndFederated|OrganizationExcludingGuests"
        "|Organizer|$null TeamsLobbyRestrictionEnforced:n TeamsPresentersRestrictionEnforced:n "
        "TeamsProtectionEnabled:b TeamsRecordAutomatically:n TeamsVideoWatermark:c=None|EnabledForContentSharing"
        "|EnabledForVideo|$null TeamsWhoCanRecord:c=Organizer|Coorganizers|Presenters|$null Tooltip:t",
    "Set-LabelExplorerConfig g+u",
    "Set-LabelPolicy g+ Identity:d RetryDistribution:s AddExchangeLocation:l AddExchangeLocationException:l "
        "AddLabels:l AddModernGroupLocation:l AddModernGroupLocationException:lr AddOneDriveLocation:lr "
        "AddOneDriveLocationException:lr AddPublicFolderLocation:lr AddSharePointLocation:lr "
        "AddSharePointLocationException:lr AddSkypeLocation:lr AddSkypeLocationException:lr AdvancedSettings:h "
        "Comment:t ExchangeAdaptiveScopes:l ExchangeAdaptiveScopesException:l Force:s MigrationId:tr NextLabelPolicy:d "
        "PolicyRBACScopes:l PreviousLabelPolicy:d RemoveExchangeLocation:l RemoveExchangeLocationException:l "
        "RemoveLabels:l RemoveModernGroupLocation:l RemoveModernGroupLocationException:lr RemoveOneDriveLocation:lr "
        "RemoveOneDriveLocationException:lr RemovePublicFolderLocation:lr RemoveSharePointLocation:lr "
        "RemoveSharePointLocationException:lr RemoveSkypeLocation:lr RemoveSkypeLocationException:lr Setting:hr "
        "Settings:hr",
    "Set-MachineAssistedTagResource g+u",
    "Set-MultiTenantOrganizationConfig g+u",
    "Set-OcrConfiguration g+u",
    "Set-OrganizationSegment g+ Identity:d UserGroupFilter:t",
    "Set-PolicyConfig g+ Identity:d AggregationTimeWindowForDlpAlerts:i CaseHoldPolicyLimit:i "
        "ClassificationScheme:c=Default|V0_AggregatedOnly|V1_DetailedResults ComplianceUrl:t DlpAppGroups:H "
        "DlpAppGroupsPsws:H DlpExtensionGroups:H DlpNetworkShareGroups:h DlpPrinterGroups:h DlpRemovableMediaGroups:h "
        "DocumentIsUnsupportedSeverity:c=Low|Medium|High|None|Informational|Information EnableAdvancedRuleBuilder:b "
        "EnableLabelCoauth:b EnableSpoAipMigration:b EndpointDlpGlobalSettings:H EndpointDlpGlobalSettingsPsws:H "
        "ExtendTeamsDlpPoliciesToSharePointOneDrive:b InformationBarrierMode:c=SingleSegment|MultiSegment "
        "InformationBarrierPeopleSearchRestriction:c=Enabled|Disabled IsDlpSimulationOptedIn:b>$false "
        "IsUserBaseDlpAlertAggregationEnabled:b MigrateLabelScheme:s MigrateLabelSchemeDisplayNames:H "
        "OnPremisesWorkload:c=None|Exchange|SharePoint|Intune|OneDriveForBusiness|PublicFolder|SharePointOnPremises"
        "|ExchangeOnPremises|AuditAlerting|Skype|ModernGroup|DynamicScope|Teams|UnifiedAuditAzure|EndpointDevices"
        "|ThirdPartyApps|OnPremisesScanner ProcessingLimitExceededSeverity:c=Low|Medium|High|None|Informational"
        "|Information PurviewLabelConsent:b ReservedForFutureUse:b RetentionForwardCrawl:b "
        "RuleErrorAction:c=Ignore|RetryThenBlock SenderAddressLocation:c>Header=Header|Envelope|HeaderOrEnvelope "
        "SiteGroups:H SiteGroupsPsws:H",
    "Set-PrivacyManagementComplianceTag g+u",
    "Set-PrivacyManagementPolicy g+u",
    "Set-PrivacyManagementRule g+u",
    "Set-ProtectionAlert g+ Identity:d AggregationType:c>SimpleAggregation=None|SimpleAggregation"
        "|AnomalousAggregation AlertBy:C>Activity=Activity|Malware AlertFor:lr Category:c=AccessGovernance"
        "|ComplianceManager|DataGovernance|MailFlow|Others|PrivacyManagement|Supervision|ThreatManagement Comment:t "
        "Description:t Disabled:b>$false Filter:t NotificationCulture:k NotificationEnabled:b NotifyUser:lr "
        "NotifyUserOnFilterMatch:b>$false NotifyUserSuppressionExpiryDate:T NotifyUserThrottleThreshold:i "
        "NotifyUserThrottleWindow:i Operation:l PrivacyManagementScopedSensitiveInformationTypes:l "
        "PrivacyManagementScopedSensitiveInformationTypesForCounting:l "
        "PrivacyManagementScopedSensitiveInformationTypesThreshold:i Severity:c=Low|Medium|High Threshold:i "
        "TimeWindow:i VolumeThreshold:i",
    "Set-ProtectionCompliancePolicy g+u",
    "Set-ProtectionComplianceRule g+u",
    "Set-RecordReviewNotificationTemplateConfig g+ IsCustomizedNotificationTemplate:b>$false "
        "IsCustomizedReminderTemplate:b CustomizedNotificationDataString:t CustomizedReminderDataString:t",
    "Set-RegulatoryComplianceUI g+ Enabled:b",
    "Set-RetentionCompliancePolicy g+w Identity:d RetryDistribution:s AddAdaptiveScopeLocation:l "
        "AddExchangeLocation:l AddExchangeLocationException:l AddModernGroupLocation:l "
        "AddModernGroupLocationException:l AddOneDriveLocation:l AddOneDriveLocationException:l "
        "AddPublicFolderLocation:l AddSharePointLocation:l AddSharePointLocationException:l AddSkypeLocation:l "
        "AddSkypeLocationException:lr AddTeamsChannelLocation:l AddTeamsChannelLocationException:l "
        "AddTeamsChatLocation:l AddTeamsChatLocationException:l Applications:l Comment:t DeletedResources:t "
        "Enabled:b>$true EnforceSimulationPolicy:b>$false Force:s PolicyRBACScopes:l PolicyTemplateInfo:hr "
        "PriorityCleanup:s RemoveAdaptiveScopeLocation:l RemoveExchangeLocation:l RemoveExchangeLocationException:l "
        "RemoveModernGroupLocation:l RemoveModernGroupLocationException:l RemoveOneDriveLocation:l "
        "RemoveOneDriveLocationException:l RemovePublicFolderLocation:l RemoveSharePointLocation:l "
        "RemoveSharePointLocationException:l RemoveSkypeLocation:l RemoveSkypeLocationException:lr "
        "RestrictiveRetention:bi>$false RemoveTeamsChannelLocation:l RemoveTeamsChannelLocationException:l "
        "RemoveTeamsChatLocation:l RemoveTeamsChatLocationException:l StartSimulation:b>$false",
    "Set-RetentionComplianceRule g+ Identity:d ApplyComplianceTag:t Comment:t "
        "ContentContainsSensitiveInformation:H ContentDateFrom:T ContentDateTo:T ContentMatchQuery:tk "
        "ExcludedItemClasses:l ExpirationDateOption:c=CreationAgeInDays|ModificationAgeInDays IRMRiskyUserProfiles:t "
        "PriorityCleanup:s RetentionComplianceAction:c=Delete|Keep|KeepAndDelete RetentionDuration:u~Unlimited "
        "RetentionDurationDisplayHint:c=Days|Months|Years",
    "Set-RoleGroup g+ Identity:d Description:t DisplayName:t Force:s Name:t[,64c",
    "Set-SensitiveInformationScan g+ Identity:d AddEndpointDlpLocation:l AddEndpointDlpLocationException:l "
        "AddExchangeLocation:lr AddOneDriveLocation:lr AddOneDriveLocationException:lr AddSharePointLocation:l "
        "AddSharePointLocationException:l AddTeamsLocation:lr AddTeamsLocationException:lr CancelScan:b>$false "
        "Comment:t ExceptIfOneDriveSharedBy:D ExceptIfOneDriveSharedByMemberOf:D ExchangeSender:Er "
        "ExchangeSenderException:Er ExchangeSenderMemberOf:Dr ExchangeSenderMemberOfException:Dr "
        "Mode:c=Enable|Disable|TestWithNotifications|TestWithoutNotifications|PendingDeletion OneDriveSharedBy:D "
        "OneDriveSharedByMemberOf:D PolicyRBACScopes:lr RemoveEndpointDlpLocation:l "
        "RemoveEndpointDlpLocationException:l RemoveExchangeLocation:l~All RemoveOneDriveLocation:lr "
        "RemoveOneDriveLocationException:lr RemoveSharePointLocation:l RemoveSharePointLocationException:l "
        "RemoveTeamsLocation:lr RemoveTeamsLocationException:lr StartImpactAssessment:b "
        "StopImpactAssessmentAndStartClassification:b",
    "Set-SensitiveInformationScanRule g+ Identity:d Comment:t ContentCreatedOrUpdatedDateFrom:T "
        "ContentCreatedOrUpdatedDateTo:T ContentExtensionMatchesWords:l ContentPropertyContainsWords:l "
        "ExceptIfContentExtensionMatchesWords:l ExceptIfContentPropertyContainsWords:l StartImpactAssessment:b "
        "Workload:c=Applications|AuditAlerting|AWS|Azure|AzureBatch|Copilot|DynamicScope|EndpointDevices|Exchange"
        "|ExchangeOnPremises|Intune|ModernGroup|OneDriveForBusiness|OnPremisesScanner|PowerBI|PublicFolder|SharePoint"
        "|SharePointOnPremises|Skype|Substrate|Teams|ThirdPartyApps|UnifiedAuditAzure",
    "Set-ServiceDomainGroup g+u",
    "Set-ServicePrincipal g+ Identity:d DisplayName:t",
    "Set-SupervisoryReviewPolicyV2 g+ Identity:d AddReviewers:l Comment:t Enabled:b Force:s PolicyRBACScopes:l "
        "PolicyTemplate:t PreservationPeriodInDays:i RemoveReviewers:l RetentionPeriodInDays:i Reviewers:l "
        "UserReportingWorkloads:l",
    "Set-SupervisoryReviewRule g+ Identity:d AdvancedRule:t CcsiDataModelOperator:t Condition:t "
        "ContentContainsSensitiveInformation:H ContentMatchesDataModel:t ContentSources:l DayXInsights:b "
        "ExceptIfFrom:l ExceptIfRecipientDomainIs:l ExceptIfRevieweeIs:l ExceptIfSenderDomainIs:l ExceptIfSentTo:l "
        "ExceptIfSubjectOrBodyContainsWords:l From:l IncludeAdaptiveScopes:l InPurviewFilter:t Ocr:b "
        "PolicyRBACScopes:l SamplingRate:i SentTo:l",
    "Set-TeamsRetentionCompliancePolicy g+u",
    "Set-TeamsRetentionComplianceRule g+u",
    "Set-TenantAllowBlockListItems g+ Entries:l~FileHash|Url|IP Ids:l ListType:c=FileHash|Sender|Url|IP "
        "NoExpiration:s Allow:s Block:s ExpirationDate:T ListSubType:c>Tenant=AdvancedDelivery|Tenant Notes:t "
        "OutputJson:s RemoveAfter:i~45",
    "Set-TenantAllowBlockListSpoofItems g+ Identity:d Action:c=Allow|Block Ids:l",
    "Set-ThreatResponsePolicy g+u",
    "Set-ThreatResponseRule g+u",
    "Set-UnifiedAuditLogRetentionPolicy g+ Identity:d Priority:i RetentionDuration:c=ThreeMonths|SixMonths"
        "|NineMonths|TwelveMonths|TenYears Description:t[,256c Operations:ll RecordTypes:ll UserIds:ll",
    "Start-ComplianceSearch x+sw Identity:d Force:s RetryOnError:s",
    "Start-DlpSensitiveInformationScan x+u",
    "Start-InformationBarrierPoliciesApplication x+w Identity:dr CleanupGroupSegmentLink:s",
    "Stop-ComplianceSearch x+ Identity:d",
    "Stop-InformationBarrierPoliciesApplication x+ Identity:d",
    "Sync-Label x+u",
    "Test-DataClassification r ClassificationNames:C=Name|Id DiagnosticPlatform:x DiagnosticPurpose:x "
        "DomainController:t FileExtension:t TestTextExtractionResults:l TextToClassify:t",
    "Test-InformationBarrierPolicy ru",
    "Test-LabelConfig ru",
    "Test-TextExtraction r FileData:f DomainController:t",
    "Update-ComplianceCaseMember g+ Case:t Members:l",
    "Update-eDiscoveryCaseAdmin g+ Users:l",
    "Update-RoleGroupMember g+ Identity:d Members:ll",
    "Validate-RetentionRuleQuery r KqlQueryString:tk",
};
const size_t known_table_set_count = sizeof known_table_set / sizeof *known_table_set;
