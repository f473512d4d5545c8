//! What the database sorts content by: the category, and the keyword that says more.

use crate::text::coded_enum;

coded_enum! {
    /// The category of what was wrong.
    pub enum Category, "a category" {
        /// Animal welfare.
        AnimalWelfare => "STATEMENT_CATEGORY_ANIMAL_WELFARE",
        /// Consumer information.
        ConsumerInformation => "STATEMENT_CATEGORY_CONSUMER_INFORMATION",
        /// Cyber violence.
        CyberViolence => "STATEMENT_CATEGORY_CYBER_VIOLENCE",
        /// Cyber violence against women.
        CyberViolenceAgainstWomen => "STATEMENT_CATEGORY_CYBER_VIOLENCE_AGAINST_WOMEN",
        /// Data protection and privacy violations.
        DataProtectionAndPrivacyViolations => "STATEMENT_CATEGORY_DATA_PROTECTION_AND_PRIVACY_VIOLATIONS",
        /// Illegal or harmful speech.
        IllegalOrHarmfulSpeech => "STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH",
        /// Intellectual property infringements.
        IntellectualPropertyInfringements => "STATEMENT_CATEGORY_INTELLECTUAL_PROPERTY_INFRINGEMENTS",
        /// Negative effects on civic discourse or elections.
        NegativeEffectsOnCivicDiscourseOrElections => "STATEMENT_CATEGORY_NEGATIVE_EFFECTS_ON_CIVIC_DISCOURSE_OR_ELECTIONS",
        /// Not specified notice.
        NotSpecifiedNotice => "STATEMENT_CATEGORY_NOT_SPECIFIED_NOTICE",
        /// Other violation tc.
        OtherViolationTc => "STATEMENT_CATEGORY_OTHER_VIOLATION_TC",
        /// Protection of minors.
        ProtectionOfMinors => "STATEMENT_CATEGORY_PROTECTION_OF_MINORS",
        /// Risk for public security.
        RiskForPublicSecurity => "STATEMENT_CATEGORY_RISK_FOR_PUBLIC_SECURITY",
        /// Scams and fraud.
        ScamsAndFraud => "STATEMENT_CATEGORY_SCAMS_AND_FRAUD",
        /// Self harm.
        SelfHarm => "STATEMENT_CATEGORY_SELF_HARM",
        /// Unsafe and prohibited products.
        UnsafeAndProhibitedProducts => "STATEMENT_CATEGORY_UNSAFE_AND_PROHIBITED_PRODUCTS",
        /// Violence.
        Violence => "STATEMENT_CATEGORY_VIOLENCE",
    }
}

coded_enum! {
    /// What says more than the category.
    pub enum Keyword, "a keyword" {
        /// Adult sexual material.
        AdultSexualMaterial => "KEYWORD_ADULT_SEXUAL_MATERIAL",
        /// Age specific restrictions.
        AgeSpecificRestrictions => "KEYWORD_AGE_SPECIFIC_RESTRICTIONS",
        /// Age specific restrictions minors.
        AgeSpecificRestrictionsMinors => "KEYWORD_AGE_SPECIFIC_RESTRICTIONS_MINORS",
        /// Animal harm.
        AnimalHarm => "KEYWORD_ANIMAL_HARM",
        /// Biometric data breach.
        BiometricDataBreach => "KEYWORD_BIOMETRIC_DATA_BREACH",
        /// Bullying against girls.
        BullyingAgainstGirls => "KEYWORD_BULLYING_AGAINST_GIRLS",
        /// Child sexual abuse material.
        ChildSexualAbuseMaterial => "KEYWORD_CHILD_SEXUAL_ABUSE_MATERIAL",
        /// Child sexual abuse material deepfake.
        ChildSexualAbuseMaterialDeepfake => "KEYWORD_CHILD_SEXUAL_ABUSE_MATERIAL_DEEPFAKE",
        /// Content promoting eating disorders.
        ContentPromotingEatingDisorders => "KEYWORD_CONTENT_PROMOTING_EATING_DISORDERS",
        /// Coordinated harm.
        CoordinatedHarm => "KEYWORD_COORDINATED_HARM",
        /// Copyright infringement.
        CopyrightInfringement => "KEYWORD_COPYRIGHT_INFRINGEMENT",
        /// Cyber bullying intimidation.
        CyberBullyingIntimidation => "KEYWORD_CYBER_BULLYING_INTIMIDATION",
        /// Cyber harassment.
        CyberHarassment => "KEYWORD_CYBER_HARASSMENT",
        /// Cyber harassment against women.
        CyberHarassmentAgainstWomen => "KEYWORD_CYBER_HARASSMENT_AGAINST_WOMEN",
        /// Cyber incitement.
        CyberIncitement => "KEYWORD_CYBER_INCITEMENT",
        /// Cyber stalking.
        CyberStalking => "KEYWORD_CYBER_STALKING",
        /// Cyber stalking against women.
        CyberStalkingAgainstWomen => "KEYWORD_CYBER_STALKING_AGAINST_WOMEN",
        /// Data falsification.
        DataFalsification => "KEYWORD_DATA_FALSIFICATION",
        /// Defamation.
        Defamation => "KEYWORD_DEFAMATION",
        /// Design infringement.
        DesignInfringement => "KEYWORD_DESIGN_INFRINGEMENT",
        /// Discrimination.
        Discrimination => "KEYWORD_DISCRIMINATION",
        /// Female gendered disinformation.
        FemaleGenderedDisinformation => "KEYWORD_FEMALE_GENDERED_DISINFORMATION",
        /// Geographic indications infringement.
        GeographicIndicationsInfringement => "KEYWORD_GEOGRAPHIC_INDICATIONS_INFRINGEMENT",
        /// Geographical requirements.
        GeographicalRequirements => "KEYWORD_GEOGRAPHICAL_REQUIREMENTS",
        /// Goods services not permitted.
        GoodsServicesNotPermitted => "KEYWORD_GOODS_SERVICES_NOT_PERMITTED",
        /// Grooming sexual enticement minors.
        GroomingSexualEnticementMinors => "KEYWORD_GROOMING_SEXUAL_ENTICEMENT_MINORS",
        /// Hate speech.
        HateSpeech => "KEYWORD_HATE_SPEECH",
        /// Hidden advertisement.
        HiddenAdvertisement => "KEYWORD_HIDDEN_ADVERTISEMENT",
        /// Human exploitation.
        HumanExploitation => "KEYWORD_HUMAN_EXPLOITATION",
        /// Human trafficking.
        HumanTrafficking => "KEYWORD_HUMAN_TRAFFICKING",
        /// Illegal organizations.
        IllegalOrganizations => "KEYWORD_ILLEGAL_ORGANIZATIONS",
        /// Impersonation account hijacking.
        ImpersonationAccountHijacking => "KEYWORD_IMPERSONATION_ACCOUNT_HIJACKING",
        /// Inauthentic accounts.
        InauthenticAccounts => "KEYWORD_INAUTHENTIC_ACCOUNTS",
        /// Inauthentic listings.
        InauthenticListings => "KEYWORD_INAUTHENTIC_LISTINGS",
        /// Inauthentic user reviews.
        InauthenticUserReviews => "KEYWORD_INAUTHENTIC_USER_REVIEWS",
        /// Incitement against women.
        IncitementAgainstWomen => "KEYWORD_INCITEMENT_AGAINST_WOMEN",
        /// Incitement violence hatred.
        IncitementViolenceHatred => "KEYWORD_INCITEMENT_VIOLENCE_HATRED",
        /// Insufficient information on traders.
        InsufficientInformationOnTraders => "KEYWORD_INSUFFICIENT_INFORMATION_ON_TRADERS",
        /// Language requirements.
        LanguageRequirements => "KEYWORD_LANGUAGE_REQUIREMENTS",
        /// Misinformation disinformation.
        MisinformationDisinformation => "KEYWORD_MISINFORMATION_DISINFORMATION",
        /// Misleading info consumer rights.
        MisleadingInfoConsumerRights => "KEYWORD_MISLEADING_INFO_CONSUMER_RIGHTS",
        /// Misleading info goods services.
        MisleadingInfoGoodsServices => "KEYWORD_MISLEADING_INFO_GOODS_SERVICES",
        /// Missing processing ground.
        MissingProcessingGround => "KEYWORD_MISSING_PROCESSING_GROUND",
        /// Non consensual image sharing.
        NonConsensualImageSharing => "KEYWORD_NON_CONSENSUAL_IMAGE_SHARING",
        /// Non consensual image sharing against women.
        NonConsensualImageSharingAgainstWomen => "KEYWORD_NON_CONSENSUAL_IMAGE_SHARING_AGAINST_WOMEN",
        /// Non consensual material deepfake.
        NonConsensualMaterialDeepfake => "KEYWORD_NON_CONSENSUAL_MATERIAL_DEEPFAKE",
        /// Non consensual material deepfake against women.
        NonConsensualMaterialDeepfakeAgainstWomen => "KEYWORD_NON_CONSENSUAL_MATERIAL_DEEPFAKE_AGAINST_WOMEN",
        /// Noncompliance pricing.
        NoncompliancePricing => "KEYWORD_NONCOMPLIANCE_PRICING",
        /// Nudity.
        Nudity => "KEYWORD_NUDITY",
        /// Patent infringement.
        PatentInfringement => "KEYWORD_PATENT_INFRINGEMENT",
        /// Phishing.
        Phishing => "KEYWORD_PHISHING",
        /// Prohibited products.
        ProhibitedProducts => "KEYWORD_PROHIBITED_PRODUCTS",
        /// Pyramid schemes.
        PyramidSchemes => "KEYWORD_PYRAMID_SCHEMES",
        /// Right to be forgotten.
        RightToBeForgotten => "KEYWORD_RIGHT_TO_BE_FORGOTTEN",
        /// Risk environmental damage.
        RiskEnvironmentalDamage => "KEYWORD_RISK_ENVIRONMENTAL_DAMAGE",
        /// Risk public health.
        RiskPublicHealth => "KEYWORD_RISK_PUBLIC_HEALTH",
        /// Self mutilation.
        SelfMutilation => "KEYWORD_SELF_MUTILATION",
        /// Stalking.
        Stalking => "KEYWORD_STALKING",
        /// Suicide.
        Suicide => "KEYWORD_SUICIDE",
        /// Terrorist content.
        TerroristContent => "KEYWORD_TERRORIST_CONTENT",
        /// Trade secret infringement.
        TradeSecretInfringement => "KEYWORD_TRADE_SECRET_INFRINGEMENT",
        /// Trademark infringement.
        TrademarkInfringement => "KEYWORD_TRADEMARK_INFRINGEMENT",
        /// Trafficking women girls.
        TraffickingWomenGirls => "KEYWORD_TRAFFICKING_WOMEN_GIRLS",
        /// Unlawful sale animals.
        UnlawfulSaleAnimals => "KEYWORD_UNLAWFUL_SALE_ANIMALS",
        /// Unsafe challenges.
        UnsafeChallenges => "KEYWORD_UNSAFE_CHALLENGES",
        /// Unsafe products.
        UnsafeProducts => "KEYWORD_UNSAFE_PRODUCTS",
        /// Violation eu law.
        ViolationEuLaw => "KEYWORD_VIOLATION_EU_LAW",
        /// Violation national law.
        ViolationNationalLaw => "KEYWORD_VIOLATION_NATIONAL_LAW",
        /// Other.
        Other => "KEYWORD_OTHER",
    }
}
